/* <ticket-list data-new="{count} new">: a list that is read again while one looks at it. Rows that come in above
   what is on the screen are told of by a button that leads up to them; the opened ticket's row stays marked. */
import { fill } from "tugi/text"

class TicketList extends HTMLElement {
  #listeners = new AbortController()
  #known = new Set()
  #fresh = new Set()

  connectedCallback() {
    const signal = this.#listeners.signal
    this.#known = this.#ids()
    this.#mark()
    this.#button?.addEventListener("click", () => this.#up(), { signal })
    this.#scroller.addEventListener("scroll", () => this.#scroller.scrollTop < 8 && this.#seen(), { signal, passive: true })
    document.addEventListener("htmx:after:swap", () => this.#changed(), { signal })
    document.addEventListener("htmx:after:history:push", () => this.#mark(), { signal })
  }

  disconnectedCallback() {
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  get #button() {
    return this.querySelector("[data-part=new]")
  }

  get #scroller() {
    return this.closest(".list__scroll")
  }

  #rows() {
    return [...this.querySelectorAll(".item")]
  }

  #ids() {
    return new Set(this.#rows().map(row => row.id))
  }

  #changed() {
    const top = this.#scroller.getBoundingClientRect().top
    for (const row of this.#rows()) {
      if (this.#known.has(row.id)) continue
      if (row.getBoundingClientRect().bottom < top) this.#fresh.add(row.id)
    }
    this.#known = this.#ids()
    this.#fresh = new Set([...this.#fresh].filter(id => this.#known.has(id)))
    this.#tell()
    this.#mark()
  }

  #mark() {
    for (const row of this.#rows()) {
      const here = new URL(row.querySelector("a").href).pathname === location.pathname
      if (here) row.setAttribute("aria-current", "true")
      else row.removeAttribute("aria-current")
    }
  }

  #tell() {
    this.#button.hidden = !this.#fresh.size
    this.#button.textContent = fill(this.dataset.new, { count: this.#fresh.size })
  }

  #up() {
    this.#scroller.scrollTo({ top: 0 })
    this.#seen()
  }

  #seen() {
    this.#fresh.clear()
    this.#tell()
  }
}

customElements.define("ticket-list", TicketList)
