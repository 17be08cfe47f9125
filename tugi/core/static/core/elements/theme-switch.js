/* <theme-switch data-theme="system" data-url="…">: its buttons (data-value) choose the theme, at once on the page,
   in a cookie for the next one, and with a POST of `theme` to data-url if there is somebody to remember it for. */
import { csrfHeaders } from "tugi/csrf"

const YEAR = 31_536_000

class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this)
  }

  disconnectedCallback() {
    this.removeEventListener("click", this)
  }

  handleEvent(event) {
    const theme = event.target.closest("[data-value]")?.dataset.value
    if (!theme) return
    document.documentElement.dataset.theme = theme
    document.cookie = `tugi_theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`
    for (const each of document.querySelectorAll("theme-switch")) each.show(theme)
    if (this.dataset.url) this.#remember(theme)
  }

  show(theme) {
    this.dataset.theme = theme
    for (const button of this.querySelectorAll("[data-value]")) {
      const state = button.hasAttribute("aria-checked") ? "aria-checked" : "aria-pressed"
      button.setAttribute(state, String(button.dataset.value === theme))
    }
  }

  #remember(theme) {
    fetch(this.dataset.url, { method: "POST", body: new URLSearchParams({ theme }), headers: csrfHeaders() })
  }
}

customElements.define("theme-switch", ThemeSwitch)
