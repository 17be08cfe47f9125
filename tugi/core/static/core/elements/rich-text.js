/* <rich-text data-html data-upload-url>: turns its textarea into a rich editor, once it is seen or touched, because
   the editor's bundle is heavy. The textarea stays the form's value; the hidden input `<name>_format` says whether
   that value is "text" (no script) or "html". Pasting images dispatches `paste-files` {files, insert(url, alt)}; if
   nobody takes them and data-upload-url is given, each is sent there and inserted at the `url` it answers with. */
import { csrfHeaders } from "tugi/csrf"

const COMMANDS = { bold: "toggleBold", italic: "toggleItalic", bulletList: "toggleBulletList", orderedList: "toggleOrderedList", blockquote: "toggleBlockquote", code: "toggleCode" }

class RichText extends HTMLElement {
  #listeners = new AbortController()
  #editor
  #loading

  connectedCallback() {
    const signal = this.#listeners.signal
    const seen = new IntersectionObserver(entries => entries.some(entry => entry.isIntersecting) && this.load())
    seen.observe(this)
    signal.addEventListener("abort", () => seen.disconnect())
    this.addEventListener("focusin", () => this.load(), { signal })
    this.addEventListener("click", event => this.#press(event), { signal })
    this.addEventListener("keydown", event => this.#linkKeys(event), { signal })
    this.#area.addEventListener("draft-restored", () => this.#editor?.commands.setContent(this.#content(), { emitUpdate: false }), { signal })
    this.#area.form?.addEventListener("reset", () => this.#editor?.commands.clearContent(), { signal })
  }

  disconnectedCallback() {
    this.#listeners.abort()
    this.#listeners = new AbortController()
    this.#editor?.destroy()
    this.#editor = this.#loading = undefined
    this.removeAttribute("data-ready")
  }

  /** Load the editor; resolves when it stands. */
  load() {
    return (this.#loading ??= this.#start())
  }

  async focus() {
    await this.load()
    this.#editor?.commands.focus("end")
  }

  /** Put HTML (a template, a quotation) where the cursor is. The editor keeps only what its schema knows. */
  async insert(html) {
    await this.load()
    this.#editor?.chain().focus().insertContent(html).run()
  }

  get #area() {
    return this.querySelector("textarea")
  }

  get #format() {
    return this.querySelector("[data-part=format]")
  }

  async #start() {
    const kit = await import("django-prose-editor/editor")
    if (!this.isConnected || this.#editor) return
    const hadFocus = this.contains(document.activeElement)
    const place = document.createElement("div")
    place.className = "rich__place"
    this.#area.after(place)
    this.#listeners.signal.addEventListener("abort", () => place.remove())
    this.#editor = new kit.Editor({
      element: place,
      injectCSS: false,
      extensions: this.#extensions(kit),
      content: this.#content(),
      editorProps: {
        attributes: { role: "textbox", "aria-multiline": "true", "aria-label": this.querySelector("label").textContent },
        handlePaste: (_view, event) => this.#paste(event),
        handleDrop: (_view, event) => Boolean(event.dataTransfer?.files.length),
      },
      onUpdate: () => this.#write(),
      onTransaction: () => this.#showState(),
    })
    this.#ready(hadFocus)
  }

  #ready(hadFocus) {
    this.#area.required = false
    this.#area.value = this.#html()
    if (this.#format) this.#format.value = "html"
    const bar = this.querySelector(".rich__bar")
    if (bar) bar.hidden = false
    this.toggleAttribute("data-ready", true)
    if (hadFocus) this.#editor.commands.focus("end")
    this.dispatchEvent(new CustomEvent("rich-text-ready", { bubbles: true }))
  }

  #extensions(kit) {
    const plain = ["Document", "Paragraph", "Text", "HardBreak", "History", "Bold", "Italic", "BulletList", "OrderedList", "ListItem", "Blockquote", "Code", "CodeBlock", "Image", "Dropcursor", "Gapcursor"]
    const link = kit.Link.configure({ openOnClick: false })
    return [...plain.map(name => kit[name]), link, kit.Placeholder.configure({ placeholder: this.#area.placeholder })]
  }

  #content() {
    if (this.#format?.value === "html") return this.#area.value
    if (this.dataset.html) return this.dataset.html
    const lines = this.#area.value.split("\n")
    return { type: "doc", content: lines.map(text => ({ type: "paragraph", content: text ? [{ type: "text", text }] : [] })) }
  }

  #html() {
    return this.#editor.isEmpty ? "" : this.#editor.getHTML()
  }

  #write() {
    this.#area.value = this.#html()
    this.#area.dispatchEvent(new Event("input", { bubbles: true }))
  }

  #press(event) {
    const command = event.target.closest("[data-command]")?.dataset.command
    if (!command || !this.#editor) return
    if (command === "link") this.#askLink()
    else if (command === "set-link") this.#setLink()
    else this.#editor.chain().focus()[COMMANDS[command]]().run()
  }

  #askLink() {
    const box = this.querySelector("[data-part=link]")
    box.hidden = !box.hidden
    const input = box.querySelector("input")
    input.value = this.#editor.getAttributes("link").href ?? ""
    if (!box.hidden) input.focus()
  }

  #setLink() {
    const box = this.querySelector("[data-part=link]")
    const given = box.querySelector("input").value.trim()
    const href = given && !/^[a-z][a-z0-9+.-]*:/i.test(given) ? `https://${given}` : given
    const chain = this.#editor.chain().focus().extendMarkRange("link")
    box.hidden = true
    if (!href) chain.unsetLink().run()
    else if (this.#editor.state.selection.empty) chain.insertContent([{ type: "text", text: given, marks: [{ type: "link", attrs: { href } }] }]).run()
    else chain.setLink({ href }).run()
  }

  #linkKeys(event) {
    if (!event.target.closest("[data-part=link]") || !["Enter", "Escape"].includes(event.key)) return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === "Enter") this.#setLink()
    else this.#askLink()
  }

  #showState() {
    for (const button of this.querySelectorAll("[data-command][aria-pressed]")) {
      button.setAttribute("aria-pressed", String(this.#editor?.isActive(button.dataset.command) ?? false))
    }
  }

  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])]
    if (!files.length) return false
    const insert = (src, alt = "") => this.#editor.chain().focus().insertContent({ type: "image", attrs: { src, alt } }).run()
    const free = this.dispatchEvent(new CustomEvent("paste-files", { bubbles: true, cancelable: true, detail: { files, insert } }))
    if (free && this.dataset.uploadUrl) files.forEach(file => this.#upload(file, insert))
    return true
  }

  async #upload(file, insert) {
    const body = new FormData()
    body.append("file", file)
    const answer = await fetch(this.dataset.uploadUrl, { method: "POST", body, headers: { ...csrfHeaders(), Accept: "application/json" } })
    if (!answer.ok) return document.querySelector("toast-stack")?.show("failed")
    const { url } = await answer.json()
    insert(url, file.name)
  }
}

customElements.define("rich-text", RichText)
