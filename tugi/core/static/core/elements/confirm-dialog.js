/* <confirm-dialog>: asks once before a destructive act, naming the thing. Wraps a <dialog>.
   Asked by `hx-confirm="Delete the tag “pos”?"` or by `data-confirm` on a form or its button; beside it
   `data-confirm-detail` says what follows, `data-confirm-yes` names the act on the button, and must be there. */
class ConfirmDialog extends HTMLElement {
  #listeners = new AbortController()
  #agreed = new WeakSet()

  connectedCallback() {
    const signal = this.#listeners.signal
    document.addEventListener("htmx:confirm", event => this.#askForHtmx(event), { signal })
    document.addEventListener("submit", event => this.#askForForm(event), { signal, capture: true })
  }

  disconnectedCallback() {
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  /** Resolves to whether the person agreed. */
  ask(question, { confirmDetail = "", confirmYes = "" } = {}) {
    const dialog = this.querySelector("dialog")
    const yes = this.#part("yes").querySelector(".button__label")
    yes.dataset.usual ??= yes.textContent
    yes.textContent = confirmYes || yes.dataset.usual
    this.#part("question").textContent = question
    this.#part("detail").textContent = confirmDetail
    this.#part("detail").hidden = !confirmDetail
    dialog.returnValue = ""
    dialog.showModal()
    return new Promise(resolve => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }))
  }

  async #askForHtmx(event) {
    const { ctx, issueRequest, dropRequest } = event.detail
    if (!ctx.confirm) return
    event.preventDefault()
    const agreed = await this.ask(ctx.confirm, ctx.sourceElement.dataset)
    if (agreed) issueRequest()
    else dropRequest()
  }

  async #askForForm(event) {
    const form = event.target
    const asking = [event.submitter, form].find(element => element?.dataset.confirm)
    if (!asking || this.#agreed.delete(form)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (!(await this.ask(asking.dataset.confirm, asking.dataset))) return
    this.#agreed.add(form)
    form.requestSubmit(event.submitter)
  }

  #part(name) {
    return this.querySelector(`[data-part=${name}]`)
  }
}

customElements.define("confirm-dialog", ConfirmDialog)
