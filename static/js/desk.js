// The judge's desk sends what was given without a network, and says what was not accepted.

import { sendElsewhere } from "./scorecard/elsewhere.js";

const box = document.querySelector("[data-elsewhere]");
const send = () => sendElsewhere(box.dataset.person, null, () => box.querySelector("[name=csrfmiddlewaretoken]").value);
if (box) send();
