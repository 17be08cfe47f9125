/* Small pieces of text for elements that have no server to ask. */
const UNITS = [["megabyte", 1e6], ["kilobyte", 1e3], ["byte", 1]]

/** 213999 → "214 kB", in the page's language. */
export function bytes(count) {
  const [unit, size] = UNITS.find(([, size]) => count >= size) ?? UNITS[2]
  const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: count / size < 10 && size > 1 ? 1 : 0 }
  return new Intl.NumberFormat(document.documentElement.lang, style).format(count / size)
}

/** "{name} is too large" with its names filled in. */
export function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
}
