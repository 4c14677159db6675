// What was given to other entries without a network, sent from wherever the judge is now, oldest first.
// What the server refuses stays on the device, and a notice says so until the judge decides.

import { Kept } from "../kept.js";
import { post } from "../saving/post.js";

const NONE = "-";

// `here` is the entry whose own page sends its changes; the desk has none.
export async function sendElsewhere(person, here, token) {
  const kept = new Kept(`scorecard:${person}:`);
  const records = kept.ids()
    .filter((id) => id.split(":")[0] !== (here ?? NONE))
    .map((id) => [id, kept.read(id)])
    .filter(([, record]) => record?.url);
  const refused = [];
  for (const [id, record] of records.sort((a, b) => a[1].at - b[1].at)) {
    const body = { ...record.fields };
    if (record.version !== null) body.version = record.version;
    if (record.revision) body.revision = record.revision;
    const { outcome, status, said } = await post(record.url, body, token());
    if (outcome === "saved") kept.forget(id);
    else if (outcome === "refused") refused.push({ id, record, status, message: said.message });
    else break; // no network, or signed out: later
  }
  showRefused(document.querySelector("[data-elsewhere]"), refused, kept);
  return refused.length;
}

function showRefused(box, refused, kept) {
  if (!box || !refused.length) return;
  const { textGone, textRefused, textUnknown } = box.dataset;
  const list = box.querySelector("[data-elsewhere-list]");
  for (const { id, record, status, message } of refused) {
    const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
    const fill = (name, text) => { row.querySelector(`[data-${name}]`).textContent = text; };
    fill("entry", record.entry ?? textUnknown);
    fill("what", [record.name, record.said].filter(Boolean).join(": "));
    fill("why", message ?? (status === 404 ? textGone : textRefused));
    const link = row.querySelector("[data-open]");
    if (record.page && status !== 404) link.href = record.page;
    else link.remove();
    row.querySelector("[data-discard]").addEventListener("click", () => {
      kept.forget(id);
      row.remove();
      box.hidden = !list.children.length;
      if (box.hidden) (document.getElementById("main") ?? document.body).focus();
      else list.querySelector("[data-discard]").focus();
    });
    list.append(row);
  }
  box.hidden = false;
}
