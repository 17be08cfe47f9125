/* <back-button>: shows its button where there is a page to go back to. */
class BackButton extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").hidden = history.length < 2
    this.addEventListener("click", this)
  }

  disconnectedCallback() {
    this.removeEventListener("click", this)
  }

  handleEvent() {
    history.back()
  }
}

customElements.define("back-button", BackButton)
