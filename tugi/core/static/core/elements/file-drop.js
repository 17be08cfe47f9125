/* <file-drop data-max-bytes data-too-large data-remove>: gathers files from its input, from dropping on the form
   around it (or the nearest [data-drop-zone]) and from pasting into a rich text there; lists them, lets each be
   taken out again, and leaves out what is too large, saying so. The input itself carries the files; those
   in the part "kept" the server has already. */
import { bytes, fill } from "tugi/text"

class FileDrop extends HTMLElement {
  #listeners = new AbortController()
  #files = []

  connectedCallback() {
    const signal = this.#listeners.signal
    const zone = this.closest("[data-drop-zone], form") ?? this
    this.#input.addEventListener("change", () => this.#add([...this.#input.files]), { signal })
    this.addEventListener("click", event => this.#press(event), { signal })
    zone.addEventListener("dragover", event => this.#over(event), { signal })
    zone.addEventListener("dragleave", event => zone.contains(event.relatedTarget) || this.#mark(false), { signal })
    zone.addEventListener("drop", event => this.#drop(event), { signal })
    zone.addEventListener("paste-files", event => this.#paste(event), { signal })
    zone.addEventListener("reset", () => this.#put([]), { signal })
  }

  disconnectedCallback() {
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  /** What is attached here and not at the server yet. */
  get files() {
    return [...this.#files]
  }

  take(files) {
    this.#add(files)
  }

  get #input() {
    return this.querySelector("input[type=file]")
  }

  #over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return
    event.preventDefault()
    this.#mark(true)
  }

  #drop(event) {
    if (!event.dataTransfer?.files.length) return
    event.preventDefault()
    this.#mark(false)
    this.#add([...event.dataTransfer.files])
  }

  #paste(event) {
    if (event.defaultPrevented) return
    event.preventDefault()
    this.#add(event.detail.files)
  }

  #press(event) {
    this.#release(event.target.closest("[data-part=release]"))
    const button = event.target.closest("[data-part=remove]")
    if (button) this.#put(this.#files.filter((_file, index) => String(index) !== button.dataset.index))
  }

  #release(button) {
    if (!button) return
    button.closest(".file").remove()
    this.#input.focus()
  }

  #add(files) {
    const most = Number(this.dataset.maxBytes || Infinity)
    const fitting = files.filter(file => file.size <= most)
    this.#complain(files.filter(file => file.size > most))
    const fresh = fitting.filter(file => !this.#files.some(old => old.name === file.name && old.size === file.size))
    this.#put(this.#input.multiple ? [...this.#files, ...fresh] : fitting.slice(-1))
  }

  #put(files) {
    const carrier = new DataTransfer()
    files.forEach(file => carrier.items.add(file))
    this.#files = files
    this.#input.files = carrier.files
    this.querySelector("[data-part=list]").replaceChildren(...files.map((file, index) => this.#row(file, index)))
    this.dispatchEvent(new CustomEvent("files-changed", { bubbles: true, detail: { count: files.length } }))
  }

  #row(file, index) {
    const row = this.querySelector("template[data-part=row]").content.cloneNode(true)
    const remove = row.querySelector("[data-part=remove]")
    row.querySelector("[data-part=name]").textContent = file.name
    row.querySelector("[data-part=size]").textContent = bytes(file.size)
    remove.dataset.index = index
    remove.setAttribute("aria-label", fill(this.dataset.remove, { name: file.name }))
    return row
  }

  #complain(files) {
    const place = this.querySelector("[data-part=problem]")
    place.textContent = files.map(file => fill(this.dataset.tooLarge, { name: file.name })).join(" ")
    place.hidden = !files.length
  }

  #mark(over) {
    this.toggleAttribute("data-over", over)
  }
}

customElements.define("file-drop", FileDrop)
