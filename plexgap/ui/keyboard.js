// What Streamlit's popovers lack for who uses no mouse: they stand at the end of the document, so that Tab would walk
// through the whole page before it came to them. Opened by a key, one takes the focus; left by Tab, it gives it back.
(() => {
  const BODY = "[data-testid=stPopoverBody]";
  const STOPS = "a[href], button:not(:disabled), input:not(:disabled), textarea, summary, [tabindex='0']";
  let opener = null;

  const enter = (body) => {
    const from = document.activeElement;
    if (!from?.matches(":focus-visible") || body.contains(from)) return;
    opener = from;
    body.tabIndex = -1;
    body.focus({preventScroll: true});
  };

  new MutationObserver((changes) => {
    for (const {addedNodes} of changes)
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        const body = node.matches(BODY) ? node : node.querySelector(BODY);
        if (body) enter(body);
      }
  }).observe(document.body, {childList: true, subtree: true});

  document.addEventListener("keydown", (event) => {
    const body = event.key === "Tab" && document.activeElement?.closest(BODY);
    if (!body || !opener?.isConnected) return;
    const stops = [...body.querySelectorAll(STOPS)].filter((one) => one.tabIndex >= 0 && one.checkVisibility());
    const last = event.shiftKey ? [body, stops[0]] : [stops.at(-1) ?? body];
    if (!last.includes(document.activeElement)) return;
    event.preventDefault();
    opener.focus();
  });
})();
