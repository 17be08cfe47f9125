/* <ticket-talk data-reading data-unread>: an open conversation. It opens at the first unread message, else at the
   newest; follows new ones only while one is at the bottom; says how far back one
   has read on, so that what changes takes nothing away; says once that it was read; reads the ticket again
   when a change was refused because somebody else was faster. A message that has stood before the agent for a
   while is one that the next words are written in sight of: the composer says so. */
const NEAR = 80
const NOTICED = 5000
const OLDEST = "X-Oldest-Shown"

class TicketTalk extends HTMLElement {
  #listeners = new AbortController()
  #atEnd = true
  #last
  #reached
  #shownAt = performance.now()

  connectedCallback() {
    const signal = this.#listeners.signal
    this.#scroller.addEventListener("scroll", () => this.#note(), { signal, passive: true })
    this.addEventListener("click", event => this.#press(event), { signal })
    document.addEventListener("htmx:after:swap", event => this.#changed(event.detail.ctx), { signal })
    document.addEventListener("htmx:config:request", event => this.#sayOldest(event.detail.ctx.request), { signal })
    document.addEventListener("htmx:response:error", event => this.#refused(event.detail.ctx), { signal })
    this.addEventListener("input", event => event.target.closest(".composer") && this.#saw(), { signal })
    document.addEventListener("visibilitychange", () => this.#read(), { signal })
    this.#open()
  }

  disconnectedCallback() {
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  get #scroller() {
    return this.querySelector(".talk__scroll")
  }

  #open() {
    const place = document.getElementById(location.hash.slice(1)) ?? this.querySelector("#first-unread")
    this.#last = this.#newest()
    this.#reached = this.#oldest
    requestAnimationFrame(() => {
      if (place && this.contains(place)) place.scrollIntoView({ block: "start" })
      else this.#toEnd()
      this.#note()
      this.#read()
    })
  }

  get #oldest() {
    return Number(this.querySelector("#thread .message")?.id.replace("message-", "")) || undefined
  }

  #sayOldest(request) {
    const here = new URL(request.action, location).pathname.split("/")[2] === this.dataset.number
    if (this.#reached && here) request.headers[OLDEST] = String(this.#reached)
  }

  /** An answer that was asked for before one read on may take messages away again: then it is asked for anew. */
  #keepOlder(request) {
    const oldest = this.#oldest
    const asked = Number(request?.headers?.[OLDEST])
    const lost = this.#reached && oldest > this.#reached && asked !== this.#reached
    if (lost) this.dispatchEvent(new CustomEvent("live"))
    else this.#reached = oldest
  }

  #newest() {
    return [...this.querySelectorAll(".message")].at(-1)?.id
  }

  #changed(ctx) {
    this.#keepOlder(ctx?.request)
    const newest = this.#newest()
    if (newest === this.#last) return
    this.#last = newest
    this.#shownAt = performance.now()
    if (this.#atEnd) this.#toEnd()
    this.toggleAttribute("data-unread", true)
    this.#read()
  }

  #toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight
  }

  #note() {
    const { scrollTop, clientHeight, scrollHeight } = this.#scroller
    this.#atEnd = scrollTop + clientHeight > scrollHeight - NEAR
  }

  #read() {
    if (document.hidden || !this.hasAttribute("data-unread")) return
    this.removeAttribute("data-unread")
    window.htmx?.ajax("POST", this.dataset.reading, { source: this, swap: "none" })
  }

  #saw() {
    const seen = this.querySelector(".composer [name=seen]")
    const newest = Number(this.#last?.replace("message-", "")) || 0
    if (this.#atEnd && newest > Number(seen.value) && performance.now() - this.#shownAt > NOTICED) seen.value = newest
  }

  #press(event) {
    const button = event.target.closest("[data-shows-images]")
    if (!button) return
    const box = button.closest(".message__box")
    const frame = box.querySelector(".message__frame") ?? this.#laidOut(box)
    frame.src = button.dataset.showsImages
    button.closest(".message__images").remove()
  }

  #laidOut(box) {
    const place = box.querySelector("template[data-part=frame]").content.cloneNode(true)
    box.querySelector(".message__text").replaceWith(place)
    return box.querySelector(".message__frame")
  }

  #refused(ctx) {
    if ([409, 422].includes(ctx.response.status)) this.dispatchEvent(new CustomEvent("live"))
  }
}

customElements.define("ticket-talk", TicketTalk)
