import { button, byId, element } from "../dom.js";
import { breakpointTypes, makeBreakpoint } from "../Timeline/breakpoints.js";

// The breakpoints in the side bar, and a line to add one.

/** Shows and edits the store's breakpoints. */
export function showBreakpoints(store, engine) {
  const list = byId("breakpoints");
  const types = breakpointTypes.filter(entry => engine.isLive || !entry.isLive);
  const text = element("input", { type: "text", "aria-label": "What to stop at", placeholder: types[0].hint, size: 10 });
  const type = element("select", {
    "aria-label": "Kind of breakpoint",
    change: () => {
      text.placeholder = types.find(entry => entry.type === type.value).hint;
      text.disabled = type.value === "nan";
    },
  }, types.map(entry => element("option", { value: entry.type }, entry.label)));
  const message = element("p", { class: "alarm message", role: "alert" });
  const add = async event => {
    // The form is never sent anywhere.
    event.preventDefault();
    try {
      const added = makeBreakpoint(store.model, type.value, text.value);
      // A condition is the session's to understand.
      if (added.type === "condition") await engine.checkBreakpoint(added.command);
      store.set({ breakpoints: [...store.breakpoints, added] });
      text.value = "";
      message.textContent = "";
    } catch (error) {
      message.textContent = error.message;
    }
  };
  byId("add-breakpoint").append(element("form", { submit: add }, type, text, element("button", { type: "submit" }, "Add")), message);
  if (!engine.isLive) byId("add-breakpoint").append(element("p", { class: "muted" }, "In a file these kinds are all; the live debugger takes any condition, such as norm x.grad > 10, and differences from fd."));
  const show = () => {
    byId("no-breakpoints").hidden = store.breakpoints.length > 0;
    list.replaceChildren(...store.breakpoints.map(breakpoint => element("li", { class: breakpoint.isEnabled ? "" : "muted" },
      element("span", { class: "dot", "aria-hidden": "true" }, breakpoint.isEnabled ? "●" : "○"), element("span", { class: "name" }, `${breakpoint.name}${breakpoint.isEnabled ? "" : " (disabled)"}`),
      button("×", `Delete breakpoint ${breakpoint.name}`, () => store.set({ breakpoints: store.breakpoints.filter(other => other !== breakpoint) }), { class: "quiet" }))));
  };
  store.on(["breakpoints"], show);
  show();
}
