/* Hands a post over to the site that it is for; it is sent there, by the reader, or not at all. Mastodon is many servers: the
   reader's is asked for once and kept in this browser. Where the site does not know its address, texts and links get the
   one at which it is read. */
(() => {
  "use strict";

  const KEPT = "threepass.server";
  const link = `${location.origin}${location.pathname}`;

  function address(draft, server = "") {
    const text = draft.querySelector("code").textContent;
    const said = { text, link, server };
    return draft.dataset.takesOver.replace(/\{(text|link|server)\}/g, (_, name) => (
      name === "server" ? server : encodeURIComponent(said[name])
    ));
  }

  /* "https://example.social/@me" and "@me@example.social" are what people paste. */
  function serverOf(typed) {
    const host = typed.trim().replace(/^https?:\/\//i, "").replace(/\/.*$/, "").replace(/^.*@/, "").toLowerCase();
    return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host) ? host : "";
  }

  function remembered() {
    try { return localStorage.getItem(KEPT) ?? ""; } catch { return ""; }
  }

  function remember(server) {
    try { localStorage.setItem(KEPT, server); } catch { /* a browser may forbid it: then it is asked again */ }
  }

  for (const draft of document.querySelectorAll(".tp-draft")) {
    const text = draft.querySelector("code");
    if (text.dataset.unlinked !== undefined) text.append(`\n\n${link}`);
    const anchor = draft.querySelector(":scope > p > a:not([href])");
    if (anchor) {
      anchor.href = address(draft);
      anchor.parentElement.hidden = false;
    }
    const form = draft.querySelector("form");
    if (!form) continue;
    const { server } = form.elements;
    server.value = serverOf(remembered());
    server.addEventListener("input", () => server.setCustomValidity(""));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const host = serverOf(server.value);
      server.setCustomValidity(host ? "" : "The name of your server, such as example.social");
      if (!form.reportValidity()) return;
      remember(host);
      open(address(draft, host), "_blank", "noopener");
    });
    form.hidden = false;
  }
})();
