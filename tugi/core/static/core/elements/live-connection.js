/* <live-connection url="/live/" topics="me" since="991">: tells the page what changes while it is open.
   Everything in the page with data-live="ticket:1001" (or "inbox"; several, with spaces) gets a `live` event when
   that changed, soon and not too often, in a hidden tab once on return: <div hx-get="…" hx-trigger="live">.
   `topics` are further ones. `since` is the place in the log at which the server wrote the page.
   On the document: live:pointer (each, in `detail`), live:refused, live:reload, live:online, live:offline (`detail.reason`
   "signed-out" or "connection"). Parts "offline" and "signed-out" inside show while that is so. */
import { Switchboard } from "tugi/live-link"

const SOON = 80
const APART = 400
const GRACE = 2000
const ALIVE = 30_000

let switchboard

class LiveConnection extends HTMLElement {
  #port
  #listeners
  #observer = new MutationObserver(() => this.#want())
  #wanted = ""
  #changed = new Set()
  #flushing
  #flushedAt = 0
  #worrying
  #beating

  connectedCallback() {
    this.#listeners = new AbortController()
    const signal = this.#listeners.signal
    this.#wanted = ""
    this.#connect(this.#share() ?? this.#own())
    this.#observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-live"] })
    document.addEventListener("visibilitychange", () => this.#look(), { signal })
    window.addEventListener("online", () => this.#port.postMessage({ wake: true }), { signal })
    window.addEventListener("pagehide", () => this.#port.postMessage({ bye: true }), { signal })
    window.addEventListener("pageshow", event => event.persisted && this.#want(true), { signal })
    this.#beating = setInterval(() => this.#want(true), ALIVE)
  }

  disconnectedCallback() {
    this.#port.postMessage({ bye: true })
    this.#listeners.abort()
    this.#observer.disconnect()
    for (const timer of [this.#flushing, this.#worrying]) clearTimeout(timer)
    clearInterval(this.#beating)
  }

  #share() {
    if (!("SharedWorker" in window)) return
    const worker = new SharedWorker(import.meta.resolve("tugi/live-link"), { type: "module", name: "tugi-live" })
    worker.onerror = () => this.#connect(this.#own())
    return worker.port
  }

  #own() {
    const { port1, port2 } = new MessageChannel()
    switchboard ??= new Switchboard()
    switchboard.connect(port2)
    return port1
  }

  #connect(port) {
    this.#port = port
    port.onmessage = ({ data }) => (data.frame ? this.#hear(data.frame) : this.#turn(data.state))
    this.#want(true)
  }

  #want(again) {
    const marked = [...document.querySelectorAll("[data-live]")].map(element => element.dataset.live)
    const topics = [...new Set([this.getAttribute("topics") ?? "", ...marked].join(" ").split(/\s+/).filter(Boolean))].sort()
    if (!again && topics.join(" ") === this.#wanted) return
    const url = new URL(this.getAttribute("url"), location)
    url.protocol = url.protocol.replace("http", "ws")
    const since = this.#wanted ? undefined : Number(this.getAttribute("since") ?? NaN)
    this.#wanted = topics.join(" ")
    this.#port.postMessage({ url: url.href, topics, since: Number.isInteger(since) ? since : undefined })
  }

  #hear(frame) {
    if (frame.op === "pointer") {
      this.#tell("pointer", frame)
      this.#mark(frame.topic, frame.ticket && `ticket:${frame.ticket}`)
    } else if (frame.op === "reload") {
      this.#tell("reload", frame)
      this.#mark(...this.#wanted.split(" "))
    } else if (frame.op === "refused") this.#tell("refused", frame)
  }

  #mark(...topics) {
    topics.forEach(topic => topic && this.#changed.add(topic))
    this.#flushing ??= setTimeout(() => this.#flush(), Math.max(SOON, this.#flushedAt + APART - Date.now()))
  }

  #flush() {
    this.#flushing = undefined
    if (document.hidden) return
    this.#flushedAt = Date.now()
    const changed = this.#changed
    this.#changed = new Set()
    for (const element of document.querySelectorAll("[data-live]")) {
      if (element.dataset.live.split(/\s+/).some(topic => changed.has(topic))) element.dispatchEvent(new CustomEvent("live"))
    }
  }

  #look() {
    if (document.hidden) return
    this.#port.postMessage({ wake: true })
    if (this.#changed.size) this.#flush()
  }

  #turn(state) {
    clearTimeout(this.#worrying)
    if (state === "offline") this.#worrying = setTimeout(() => this.#show(state), GRACE)
    else this.#show(state)
  }

  #show(state) {
    if (this.dataset.state === state) return
    this.dataset.state = state
    for (const part of this.querySelectorAll("[data-part]")) part.hidden = part.dataset.part !== state
    const reason = state === "signed-out" ? state : "connection"
    if (state === "online") this.#tell("online")
    else this.#tell("offline", { reason })
  }

  #tell(what, detail) {
    document.dispatchEvent(new CustomEvent(`live:${what}`, { detail }))
  }
}

customElements.define("live-connection", LiveConnection)
