import { byId } from "../dom.js";

// The side bar can be shown and hidden. A narrow window begins without it, and then it lies over the graph.

const narrow = matchMedia("(max-width: 1180px)");

function isShown() {
  const chosen = document.body.dataset.side;
  return chosen ? chosen === "shown" : !narrow.matches;
}

function tell() {
  byId("show-side").setAttribute("aria-expanded", String(isShown()));
}

/** Shows the side bar where it is hidden. */
export function showSide() {
  document.body.dataset.side = "shown";
  tell();
}

/** Shows or hides the side bar. */
export function toggleSide() {
  document.body.dataset.side = isShown() ? "hidden" : "shown";
  tell();
}

/** Connects the button. */
export function useSide() {
  byId("show-side").addEventListener("click", toggleSide);
  // What was chosen for one width says nothing of the other.
  narrow.addEventListener("change", () => {
    delete document.body.dataset.side;
    tell();
  });
  tell();
}
