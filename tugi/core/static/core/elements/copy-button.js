/* <copy-button data-value="#10482" data-done="Copied">: its button copies the value and says so. */
const SAYS_FOR = 1500

class CopyButton extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this)
  }

  disconnectedCallback() {
    this.removeEventListener("click", this)
  }

  async handleEvent() {
    const button = this.querySelector("button")
    await navigator.clipboard.writeText(this.dataset.value)
    this.dataset.label ??= this.#label.textContent
    this.#say(button, this.dataset.done)
    this.toggleAttribute("data-copied", true)
    setTimeout(() => {
      this.#say(button, this.dataset.label)
      this.toggleAttribute("data-copied", false)
    }, SAYS_FOR)
  }

  get #label() {
    return this.querySelector(".button__label")
  }

  #say(button, words) {
    this.#label.textContent = words
    button.title = words
  }
}

customElements.define("copy-button", CopyButton)
