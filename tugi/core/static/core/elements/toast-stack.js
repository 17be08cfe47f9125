/* <toast-stack>: shows toasts for their time, counts the seconds of an undo, and speaks up when htmx fails.
   A toast is `.toast[data-seconds]` with parts "close", "undo" and "left"; hovering or focusing stops the clock.
   What was undone elsewhere on the page, at the same address, is not offered any longer. */
class ToastStack extends HTMLElement {
  #observer = new MutationObserver(records => records.forEach(record => record.addedNodes.forEach(node => this.#take(node))))
  #listeners = new AbortController()

  connectedCallback() {
    const signal = this.#listeners.signal
    this.#observer.observe(this, { childList: true })
    for (const toast of this.querySelectorAll(":scope > .toast")) this.#take(toast)
    this.addEventListener("click", event => this.#press(event), { signal })
    document.addEventListener("htmx:after:request", event => this.#undone(event.detail.ctx), { signal })
    document.addEventListener("htmx:error", event => this.#lost(event.detail), { signal })
    document.addEventListener("htmx:response:error", event => this.#failed(event.detail.ctx), { signal })
  }

  disconnectedCallback() {
    this.#observer.disconnect()
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  /** Show the toast kept in `<template data-for="name">`. */
  show(name) {
    const template = this.querySelector(`template[data-for="${name}"]`)
    if (template) this.append(template.content.cloneNode(true))
  }

  #take(toast) {
    if (!(toast instanceof HTMLElement) || !toast.matches(".toast")) return
    const same = [...this.querySelectorAll(":scope > .toast")].find(other => other !== toast && other.textContent === toast.textContent)
    same?.remove()
    let left = Number(toast.dataset.seconds || 8)
    const tell = () => toast.querySelector("[data-part=left]")?.replaceChildren(String(left))
    tell()
    const tick = setInterval(() => {
      if (toast.isConnected && toast.matches(":hover, :focus-within")) return
      left -= 1
      tell()
      if (left > 0 && toast.isConnected) return
      clearInterval(tick)
      toast.remove()
    }, 1000)
  }

  #press(event) {
    const part = event.target.closest("[data-part]")
    const toast = part?.closest(".toast")
    if (part?.dataset.part === "close") toast.remove()
    if (part?.dataset.part === "undo") {
      toast.addEventListener("htmx:finally:request", () => toast.remove())
      part.disabled = true
    }
  }

  #undone(ctx) {
    if (!(ctx.response?.status < 300) || ctx.request.method === "GET") return
    const path = new URL(ctx.request.action, location).pathname
    for (const undo of this.querySelectorAll("[data-part=undo]")) if (undo.getAttribute("hx-post") === path) undo.closest(".toast").remove()
  }

  #lost({ error, ctx }) {
    if (ctx?.request && error?.name !== "AbortError" && !ctx.response) this.show("offline")
  }

  #failed(ctx) {
    if (ctx.response.status >= 500 && !/hx-partial/.test(ctx.text ?? "")) this.show("failed")
  }
}

customElements.define("toast-stack", ToastStack)
