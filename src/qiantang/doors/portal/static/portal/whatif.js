/* Weights of the what-if page: shares follow the sliders at once, and only what differs from the
   published recipe travels in the address. Without this script the form still works. */
(function () {
  "use strict";

  function shares(form) {
    var places = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
    form.querySelectorAll("[data-group]").forEach(function (group) {
      var sliders = Array.from(group.querySelectorAll("input[type=range]"));
      var sum = sliders.reduce(function (all, one) { return all + Number(one.value); }, 0);
      sliders.forEach(function (one) {
        var output = group.querySelector('output[for="' + CSS.escape(one.id) + '"]');
        var said = sum ? places.format(Number(one.value) / sum) : "0%";
        output.textContent = said;
        one.setAttribute("aria-valuetext", said);
      });
    });
  }

  function same(field) {
    var own = field.dataset.default;
    if (own === undefined) { return false; }
    return field.type === "range" ? Number(field.value) === Number(own) : field.value === own;
  }

  document.addEventListener("DOMContentLoaded", function () {
    var form = document.querySelector("form[data-whatif]");
    if (!form) { return; }
    shares(form);
    form.addEventListener("input", function () { shares(form); });
    // Without HTMX the browser sends the form itself; then too only what was changed.
    form.addEventListener("formdata", function (event) {
      Array.from(form.elements).forEach(function (field) {
        if (field.name && same(field)) { event.formData.delete(field.name); }
      });
    });
    form.addEventListener("htmx:configRequest", function (event) {
      Array.from(form.elements).forEach(function (field) {
        if (field.name && same(field)) { event.detail.formData.delete(field.name); }
      });
    });
  });
})();
