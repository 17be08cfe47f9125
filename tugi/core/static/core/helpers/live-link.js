/* One WebSocket to the desk for all tabs of a browser. Runs as a shared worker, and in the page where there is none.
   Over its port a page says { url, topics, since } whenever they change, { alive } now and then, { wake }, { bye };
   it hears { state } ("online", "offline", "signed-out") and { frame }. Frames: see tugi/live/app.py. */
const PING = 25_000
const SILENCE = 40_000
const FORGET = 150_000
const LOOK_BACK = 5_000
const PAUSE = 300
const LONGEST_PAUSE = 15_000
const MOST_TOPICS = 100
const SESSION_ENDED = 4401

class Link {
  #url
  #hear
  #socket
  #retry
  #tries = 0
  #heardAt = 0
  #seqs = []
  state = "offline"
  topics = new Set()

  constructor(url, hear) {
    this.#url = url
    this.#hear = hear
    setInterval(() => this.#check(), PING)
    self.addEventListener("online", () => this.wake())
    this.#open()
  }

  /** Try at once instead of at the end of the pause. */
  wake() {
    if (!this.#socket) this.#open()
  }

  /** Listen to these, from `since` or from a moment ago: whoever asks was made a moment ago. */
  subscribe(topics, since) {
    const asked = topics.filter(topic => this.topics.add(topic))
    if (since !== undefined && !this.#seqs.length) this.#learn(since)
    if (this.state === "online") this.#ask(asked, since ?? this.#seqAt(Date.now() - LOOK_BACK))
  }

  /** Listen to nothing but these. */
  keep(topics) {
    const gone = [...this.topics].filter(topic => !topics.has(topic))
    gone.forEach(topic => this.topics.delete(topic))
    if (this.state === "online" && gone.length) this.#say({ op: "unsubscribe", topics: gone.slice(0, MOST_TOPICS) })
  }

  #open() {
    clearTimeout(this.#retry)
    this.state = "offline"
    const socket = (this.#socket = new WebSocket(this.#url))
    this.#heardAt = Date.now()
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data))
    socket.onclose = ({ code }) => this.#lost(code)
  }

  #take(frame) {
    this.#heardAt = Date.now()
    if (frame.op === "hello") {
      this.#tries = 0
      if (!this.#seqs.length) this.#learn(frame.seq)
      this.#turn("online")
      this.#ask([...this.topics], this.#seqs.at(-1).seq)
    } else {
      if (frame.op === "reload") this.#seqs = []
      if (frame.seq !== undefined) this.#learn(frame.seq)
    }
    this.#hear({ frame })
  }

  #lost(code) {
    const wasIn = this.state === "online"
    this.#socket = undefined
    if (code === SESSION_ENDED && !wasIn) return this.#turn("signed-out")
    this.#turn("offline")
    const pause = Math.min(LONGEST_PAUSE, PAUSE * 2 ** this.#tries++)
    this.#retry = setTimeout(() => this.#open(), pause * (0.2 + 0.8 * Math.random()))
  }

  #check() {
    if (!this.#socket) return
    if (Date.now() - this.#heardAt > SILENCE) {
      this.#socket.onclose = this.#socket.onmessage = null
      this.#socket.close()
      this.#lost()
    } else if (this.state === "online") this.#say({ op: "ping" })
  }

  #ask(topics, since) {
    for (let start = 0; start < topics.length; start += MOST_TOPICS) {
      this.#say({ op: "subscribe", topics: topics.slice(start, start + MOST_TOPICS), since })
    }
  }

  #say(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame))
  }

  #turn(state) {
    if (state === this.state) return
    this.state = state
    this.#hear({ state })
  }

  #learn(seq) {
    const known = this.#seqs.at(-1)?.seq ?? -1
    if (seq > known) this.#seqs.push({ at: Date.now(), seq })
    while (this.#seqs.length > 1 && this.#seqs[1].at < Date.now() - LOOK_BACK) this.#seqs.shift()
  }

  #seqAt(at) {
    return (this.#seqs.findLast(known => known.at <= at) ?? this.#seqs[0])?.seq
  }
}

/** Shares one link among the pages that connect a port. */
export class Switchboard {
  #link
  #pages = new Map()

  connect(port) {
    port.onmessage = ({ data }) => this.#obey(port, data)
    port.start()
  }

  #obey(port, said) {
    if (said.bye) this.#pages.delete(port)
    else this.#meet(port, said)
    for (const [other, page] of this.#pages) if (Date.now() - page.at > FORGET) this.#pages.delete(other)
    this.#link?.keep(new Set([...this.#pages.values()].flatMap(page => [...page.topics])))
  }

  #meet(port, { url, topics, since, wake }) {
    const isNew = !this.#pages.has(port)
    const page = this.#pages.get(port) ?? { topics: new Set() }
    this.#pages.set(port, Object.assign(page, { at: Date.now() }))
    if (url) this.#link ??= new Link(url, news => this.#pass(news))
    if (isNew || wake) this.#link?.wake()
    if (isNew) port.postMessage({ state: this.#link?.state ?? "offline" })
    if (!topics) return
    const added = topics.filter(topic => !page.topics.has(topic))
    page.topics = new Set(topics)
    if (added.length) this.#link?.subscribe(added, since)
  }

  #pass(news) {
    const topic = news.frame?.topic
    for (const [port, page] of this.#pages) if (!topic || page.topics.has(topic)) port.postMessage(news)
  }
}

if ("SharedWorkerGlobalScope" in self) {
  const switchboard = new Switchboard()
  self.onconnect = ({ ports }) => switchboard.connect(ports[0])
}
