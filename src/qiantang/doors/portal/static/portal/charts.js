/* Draws every <figure data-chart="/.../chart.json"> with Vega-Lite.
   The figure's link to its table stays for readers without JavaScript. Nothing is evaluated from
   text: expressions run through Vega's interpreter, so a strict content security policy holds. */
(function () {
  "use strict";

  var root = document.documentElement;

  function token(name) {
    return getComputedStyle(root).getPropertyValue(name).trim();
  }

  function theme() {
    var ink = token("--ink"), soft = token("--ink-soft"), line = token("--line");
    var font = getComputedStyle(document.body).fontFamily;
    return {
      background: "transparent",
      font: font,
      title: { color: ink, font: font, subtitleColor: soft },
      axis: {
        labelColor: soft, titleColor: soft, gridColor: line, domainColor: line, tickColor: line,
        labelFont: font, titleFont: font
      },
      legend: { labelColor: soft, titleColor: soft, labelFont: font, titleFont: font },
      header: { labelColor: soft, titleColor: soft },
      view: { stroke: "transparent" }
    };
  }

  function show(figure) {
    var place = figure.querySelector("[data-chart-place]");
    if (!place || !window.vegaEmbed) { return; }
    var options = {
      ast: true, actions: false, renderer: "svg", defaultStyle: false,
      config: theme(), tooltip: { disableDefaultStyle: true }
    };
    fetch(figure.dataset.chart, { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.json();
      })
      .then(function (spec) { return window.vegaEmbed(place, spec, options); })
      .then(function () { figure.classList.add("is-drawn"); })
      .catch(function () { figure.classList.add("is-failed"); });
  }

  function showAll(within) {
    within.querySelectorAll("figure[data-chart]:not(.is-drawn)").forEach(show);
  }

  function start() {
    showAll(document);
    document.body.addEventListener("htmx:afterSwap", function (event) { showAll(event.target); });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () {
      document.querySelectorAll("figure.is-drawn").forEach(function (figure) {
        figure.classList.remove("is-drawn");
        show(figure);
      });
    });
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
