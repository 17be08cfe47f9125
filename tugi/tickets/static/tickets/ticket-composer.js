/* <ticket-composer data-kept data-returned>: choosing Reply or Note leads into the text, and so does text that came
   back (taken back, or not taken); says that the draft is kept, and lets it be kept: what came back is a draft again, before what was begun
   since. Files that were sent in vain are attached again. */
let sent = []

class TicketComposer extends HTMLElement {
  #listeners = new AbortController()

  connectedCallback() {
    const signal = this.#listeners.signal
    this.addEventListener("click", event => event.target.closest(".tabs__tab") && this.#write(), { signal })
    this.addEventListener("input", event => event.target.closest("rich-text") && this.#kept(), { signal })
    this.addEventListener("draft-restored", () => this.#kept(), { signal })
    this.addEventListener("keydown", event => this.#leave(event), { signal, capture: true })
    this.addEventListener("submit", () => (sent = this.querySelector("file-drop")?.files ?? []), { signal })
    if (this.hasAttribute("data-returned")) queueMicrotask(() => this.#goOn())
    else sent = []
  }

  disconnectedCallback() {
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  #write() {
    return this.querySelector("rich-text").focus()
  }

  async #goOn() {
    const draft = this.querySelector("local-draft")
    this.querySelector("file-drop").take(sent.splice(0))
    const begun = draft.dataset.fresh === "join" && draft.kept?.body_format === "html" ? draft.kept.body : ""
    await this.#write()
    if (begun) await this.querySelector("rich-text").insert(begun)
    this.querySelector("rich-text textarea").dispatchEvent(new Event("input", { bubbles: true }))
  }

  #kept() {
    this.querySelector("[data-part=state]").textContent = this.dataset.kept
  }

  #leave(event) {
    if (event.key !== "Escape" || event.target.closest("[data-part=link]") || !event.target.closest("rich-text")) return
    event.preventDefault()
    event.stopPropagation()
    document.querySelector(".talk__scroll")?.focus()
  }
}

customElements.define("ticket-composer", TicketComposer)
