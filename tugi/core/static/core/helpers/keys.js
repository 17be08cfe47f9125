/* What was pressed, by the letter where the layout is Latin and by the place of the key where it is not. */
const PLACES = { Slash: "/", Semicolon: ";", BracketLeft: "[", BracketRight: "]", Quote: "'", Comma: ",", Period: "." }

/** Whether the person is writing, so that letters are letters. */
export function isTyping(event) {
  const element = event.composedPath()[0]
  return element instanceof Element && (element.isContentEditable || element.matches("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select"))
}

/** The key as `data-key` spells it: "e", "Shift+e", "Mod+Enter", "?", "Escape". */
export function spell(event) {
  const mod = event.ctrlKey || event.metaKey ? "Mod+" : ""
  const name = nameOf(event)
  const shift = event.shiftKey && (name.length > 1 || /[a-z0-9]/.test(name)) ? "Shift+" : ""
  return mod + shift + name
}

function nameOf(event) {
  const key = event.key
  if (key.length > 1 || /^[a-z0-9?]$/i.test(key)) return key.length > 1 ? key : key.toLowerCase()
  const letter = /^(?:Key|Digit)(.)$/.exec(event.code)
  if (letter) return Object.values(PLACES).includes(key) ? key : letter[1].toLowerCase()
  const place = PLACES[event.code] ?? key
  return place === "/" && event.shiftKey ? "?" : place
}
