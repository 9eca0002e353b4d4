// When a command leads to another recording (set, into a fused operation, and back), the page loads anew and takes up
// where it was: this is what it remembers over that.

const key = location.pathname;

/** Remembers, and loads the page again. */
export function loadAgain(store, cursor, answers) {
  sessionStorage.setItem(key, JSON.stringify({
    cursor, answers,
    breakpoints: store.breakpoints.map(({ command, isEnabled }) => ({ command, isEnabled })),
    watches: store.watches.map(tensor => tensor.label),
    unfolded: [...store.unfolded],
    theme: document.documentElement.dataset.theme,
  }));
  location.reload();
}

/** What was remembered, once; null where the page was opened by hand. */
export function remembered() {
  const text = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  return text && JSON.parse(text);
}
