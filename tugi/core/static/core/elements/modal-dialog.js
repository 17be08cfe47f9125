/* <modal-dialog>: opens its <dialog> from anything with `data-opens` naming the dialog's id; closes it on a click
   beside it and when a change sent from inside it was taken (unless it has `data-stays`). */
class ModalDialog extends HTMLElement {
  #listeners = new AbortController()

  connectedCallback() {
    const signal = this.#listeners.signal
    document.addEventListener("click", event => this.#opener(event), { signal })
    this.#dialog.addEventListener("click", event => event.target === this.#dialog && this.#dialog.close(), { signal })
    this.addEventListener("htmx:after:request", event => this.#taken(event.detail.ctx), { signal })
  }

  disconnectedCallback() {
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  get #dialog() {
    return this.querySelector("dialog")
  }

  #opener(event) {
    if (event.target.closest("[data-opens]")?.dataset.opens === this.#dialog.id) this.#dialog.showModal()
  }

  #taken(ctx) {
    const done = ctx.request.method !== "GET" && ctx.response.status < 400
    if (done && !this.hasAttribute("data-stays")) this.#dialog.close()
  }
}

customElements.define("modal-dialog", ModalDialog)
