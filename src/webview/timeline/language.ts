/**
 * uPlot asks for a number format of the browser's language as soon as it is loaded, and some browsers name one (`en-US@posix`) that no
 * format takes. Imported before it: such a browser speaks English here.
 */
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
}
