/* Draws every <figure data-chart-src="/.../chart.json"> with Vega-Lite.
   A chart keeps its own white paper in both colour schemes, so that page, print and report show the
   same picture; its table stays on the page for readers without JavaScript. Nothing is evaluated
   from text: expressions run through Vega's interpreter, so a strict content security policy
   holds. */
(function () {
  "use strict";

  var options = {
    ast: true, actions: false, renderer: "svg", defaultStyle: false,
    tooltip: { disableDefaultStyle: true }
  };

  // One picture with one description; the figures themselves are read from the table.
  function describe(place, words) {
    var picture = place.querySelector("svg");
    if (!picture) { return; }
    picture.querySelectorAll("[role], [aria-roledescription]").forEach(function (part) {
      part.removeAttribute("role");
      part.removeAttribute("aria-roledescription");
      part.removeAttribute("aria-label");
    });
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", words || "");
  }

  function draw(figure) {
    var place = figure.querySelector("[data-chart-place]");
    fetch(figure.dataset.chartSrc, { credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.json();
      })
      .then(function (spec) {
        spec.config = Object.assign({}, spec.config, {
          font: getComputedStyle(document.body).fontFamily
        });
        // The heading beside the figure is its title; a subtitle names the unit and stays.
        if (spec.title) {
          spec.title = spec.title.subtitle
            ? { text: spec.title.subtitle, fontSize: 12, fontWeight: "normal", anchor: "start" }
            : undefined;
        }
        return window.vegaEmbed(place, spec, options).then(function () {
          describe(place, spec.description);
          figure.classList.add("is-drawn");
        });
      })
      .catch(function () { figure.classList.add("is-failed"); });
  }

  function drawAll(within) {
    if (!window.vegaEmbed) { return; }
    within.querySelectorAll("figure[data-chart-src]:not([data-asked])").forEach(function (figure) {
      figure.dataset.asked = "yes";
      draw(figure);
    });
  }

  document.addEventListener("DOMContentLoaded", function () { drawAll(document); });
  document.addEventListener("htmx:afterSettle", function (event) { drawAll(event.target); });
})();
