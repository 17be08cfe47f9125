/* <resizable-columns>: drag `.handle[data-resizes=NAME]`, or move it with the arrows, to set its custom property
   `--NAME` in pixels, between the handle's aria-valuemin and -max. Remembered on this device; double-click resets. */
const STORE = "tugi.columns"
const STEP = 16

class ResizableColumns extends HTMLElement {
  #listeners = new AbortController()
  #held

  connectedCallback() {
    const signal = this.#listeners.signal
    for (const [name, width] of Object.entries(this.#kept())) this.#show(name, width)
    this.addEventListener("pointerdown", event => this.#take(event), { signal })
    this.addEventListener("pointermove", event => this.#drag(event), { signal })
    for (const end of ["pointerup", "pointercancel"]) this.addEventListener(end, () => this.#leave(), { signal })
    this.addEventListener("keydown", event => this.#step(event), { signal })
    this.addEventListener("dblclick", event => this.#reset(event.target.closest(".handle")), { signal })
  }

  disconnectedCallback() {
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  #take(event) {
    const handle = event.target.closest(".handle")
    if (!handle || event.button) return
    event.preventDefault()
    handle.setPointerCapture(event.pointerId)
    handle.toggleAttribute("data-held", true)
    this.#held = { handle, from: event.clientX, width: this.#column(handle).offsetWidth }
  }

  #drag(event) {
    if (!this.#held) return
    const { handle, from, width } = this.#held
    this.#set(handle, width + (event.clientX - from) * this.#sign(handle))
  }

  #leave() {
    this.#held?.handle.removeAttribute("data-held")
    this.#held = undefined
  }

  #step(event) {
    const handle = event.target.closest(".handle")
    const way = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key]
    if (!handle || !way) return
    event.preventDefault()
    this.#set(handle, this.#column(handle).offsetWidth + way * this.#sign(handle))
  }

  #set(handle, wanted) {
    const low = Number(handle.getAttribute("aria-valuemin"))
    const high = Number(handle.getAttribute("aria-valuemax"))
    const width = Math.round(Math.min(Math.max(wanted, low), high))
    this.#show(handle.dataset.resizes, width)
    localStorage.setItem(STORE, JSON.stringify({ ...this.#kept(), [handle.dataset.resizes]: width }))
  }

  #reset(handle) {
    if (!handle) return
    const { [handle.dataset.resizes]: _gone, ...others } = this.#kept()
    this.style.removeProperty(`--${handle.dataset.resizes}`)
    localStorage.setItem(STORE, JSON.stringify(others))
  }

  #show(name, width) {
    this.style.setProperty(`--${name}`, `${width}px`)
    this.querySelector(`.handle[data-resizes="${name}"]`)?.setAttribute("aria-valuenow", width)
  }

  #kept() {
    return JSON.parse(localStorage.getItem(STORE) ?? "{}")
  }

  #column(handle) {
    return document.getElementById(handle.getAttribute("aria-controls"))
  }

  #sign(handle) {
    const after = handle.compareDocumentPosition(this.#column(handle)) & Node.DOCUMENT_POSITION_FOLLOWING
    return (after ? -1 : 1) * (getComputedStyle(this).direction === "rtl" ? -1 : 1)
  }
}

customElements.define("resizable-columns", ResizableColumns)
