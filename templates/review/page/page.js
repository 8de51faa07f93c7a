"use strict";
// Pictures are blurred until somebody chooses to look, and can be blurred again.
for (const button of document.querySelectorAll("button.preview")) {
  button.addEventListener("click", () => {
    const isShown = button.getAttribute("aria-pressed") === "true";
    button.setAttribute("aria-pressed", String(!isShown));
  });
}
// What is ticked, as a text. It is kept nowhere.
for (const form of document.querySelectorAll("form.review")) {
  const answers = form.querySelector(".answers");
  const said = (input) => input.labels[0].textContent.trim();
  const tell = () => {
    const purposes = [...form.querySelectorAll("input[type=checkbox]:checked")].map(said);
    const outcome = form.querySelector("input[type=radio]:checked");
    answers.textContent =
      `${form.dataset.purposes}: ${purposes.join("; ") || form.dataset.noneTicked}\n` +
      `${form.dataset.outcome}: ${outcome ? said(outcome) : form.dataset.notChosen}\n`;
  };
  form.addEventListener("change", tell);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("button.select").addEventListener("click", () => {
    getSelection().selectAllChildren(form.querySelector("output"));
  });
  tell();
}
