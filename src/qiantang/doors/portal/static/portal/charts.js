/* Fetches the specification of every <figure data-chart-src="/.../chart.json"> and hands it to the
   drawing script (window.qiantangCharts). The page stays light, and the table beside each chart
   stays for readers without JavaScript. */
(function () {
  "use strict";

  function show(figure) {
    var place = figure.querySelector("[data-chart]");
    if (!place || !window.qiantangCharts || figure.dataset.asked) { return; }
    figure.dataset.asked = "1";
    fetch(figure.dataset.chartSrc, { credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.text();
      })
      .then(function (text) {
        var holder = document.createElement("script");
        holder.type = "application/json";
        holder.textContent = text;
        place.appendChild(holder);
        window.qiantangCharts.draw(figure);
        figure.classList.add("is-drawn");
      })
      .catch(function () { figure.classList.add("is-failed"); });
  }

  function showAll(within) {
    within.querySelectorAll("figure[data-chart-src]").forEach(show);
  }

  document.addEventListener("DOMContentLoaded", function () { showAll(document); });
  document.addEventListener("htmx:afterSettle", function (event) { showAll(event.target); });
})();
