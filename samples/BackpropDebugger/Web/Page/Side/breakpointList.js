import { button, byId, element } from "../dom.js";
import { breakpointTypes, makeBreakpoint } from "../Timeline/breakpoints.js";

// The breakpoints in the side bar, and a line to add one.

/** Shows and edits the store's breakpoints. */
export function showBreakpoints(store) {
  const list = byId("breakpoints");
  const text = element("input", { type: "text", "aria-label": "What to stop at", placeholder: breakpointTypes[0].hint, size: 10 });
  const type = element("select", {
    "aria-label": "Kind of breakpoint",
    change: () => {
      text.placeholder = breakpointTypes.find(entry => entry.type === type.value).hint;
      text.disabled = type.value === "nan";
    },
  }, breakpointTypes.map(entry => element("option", { value: entry.type }, entry.label)));
  const message = element("p", { class: "alarm", role: "alert" });
  const add = event => {
    // The form is never sent anywhere.
    event.preventDefault();
    try {
      store.set({ breakpoints: [...store.breakpoints, makeBreakpoint(type.value, text.value)] });
      text.value = "";
      message.textContent = "";
    } catch (error) {
      message.textContent = error.message;
    }
  };
  byId("add-breakpoint").append(element("form", { submit: add }, type, text, element("button", { type: "submit" }, "Add")), message);
  const show = () => {
    byId("no-breakpoints").hidden = store.breakpoints.length > 0;
    list.replaceChildren(...store.breakpoints.map(breakpoint => element("li", {},
      element("span", { class: "dot", "aria-hidden": "true" }, "●"), element("span", { class: "name" }, breakpoint.name),
      button("×", `Delete breakpoint ${breakpoint.name}`, () => store.set({ breakpoints: store.breakpoints.filter(other => other !== breakpoint) }), { class: "quiet" }))));
  };
  store.on(["breakpoints"], show);
  show();
}
