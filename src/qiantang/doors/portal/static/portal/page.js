/* Small comforts; every page works without them.
   Filters stand open beside a wide page's results and folded above a narrow page's.
   Links that lead to this page in another form follow the address when a filter changed it.
   A table that is wider or higher than its frame can be scrolled with the keyboard; others are passed over. */
(function () {
  "use strict";

  function mark(within) {
    within.querySelectorAll(".scroll, .tall, .wide, .code").forEach(function (frame) {
      if (frame.scrollWidth > frame.clientWidth || frame.scrollHeight > frame.clientHeight + 1) {
        frame.tabIndex = 0;
      } else {
        frame.removeAttribute("tabindex");
      }
    });
  }

  function markAll() { mark(document); }

  function follow() {
    document.querySelectorAll("a[data-query]").forEach(function (link) {
      var address = new URL(window.location.href);
      new URLSearchParams(link.dataset.query).forEach(function (value, key) {
        address.searchParams.set(key, value);
      });
      link.href = address.pathname + address.search;
    });
  }

  function fold() {
    if (window.matchMedia("(min-width: 60rem)").matches) { return; }
    document.querySelectorAll("details[data-wide-open]").forEach(function (part) {
      part.removeAttribute("open");
    });
  }

  document.addEventListener("DOMContentLoaded", fold);
  document.addEventListener("htmx:afterSwap", fold);
  document.addEventListener("htmx:pushedIntoHistory", follow);
  document.addEventListener("DOMContentLoaded", markAll);
  document.addEventListener("htmx:afterSettle", markAll);
  document.addEventListener("toggle", markAll, true);
  window.addEventListener("resize", markAll);
})();
