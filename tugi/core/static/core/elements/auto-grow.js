/* <auto-grow>: its textarea is as tall as its text, where the browser's own `field-sizing` is missing. */
class AutoGrow extends HTMLElement {
  #grow = () => {
    const area = this.querySelector("textarea")
    if (!area) return
    area.style.blockSize = "auto"
    area.style.blockSize = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`
  }

  connectedCallback() {
    if (CSS.supports("field-sizing", "content")) return
    this.addEventListener("input", this.#grow)
    requestAnimationFrame(this.#grow)
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.#grow)
  }
}

customElements.define("auto-grow", AutoGrow)
