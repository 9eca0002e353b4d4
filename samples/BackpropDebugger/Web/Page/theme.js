import { byId } from "./dom.js";

// Light and dark: as the system has it until someone chooses.

function isDark() {
  return (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
}

/** Switches to the other one; pictures that hold colours of their own listen to "themechange". */
export function toggleTheme() {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  dispatchEvent(new Event("themechange"));
}

/** Connects the button and the system's setting. */
export function useTheme() {
  byId("theme").addEventListener("click", toggleTheme);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dispatchEvent(new Event("themechange")));
}
