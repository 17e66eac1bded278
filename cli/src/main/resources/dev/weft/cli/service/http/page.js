// Asks the service and shows what it says. Names come from strangers' files: they are only ever set as text.
const at = (id) => document.getElementById(id);

function make(tag, text = "", attributes = {}) {
  const element = document.createElement(tag);
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

async function ask(path, options = {}) {
  const response = await fetch(path, options);
  if (response.ok) return response;
  let problem;
  try { problem = await response.json(); } catch { problem = {}; }
  throw new Error(`${problem.title ?? response.statusText}: ${problem.detail ?? response.status}`);
}

function say(where, text, wrong = false) {
  at(where).textContent = text;
  at(where).classList.toggle("wrong", wrong);
}

function table(id, heads, rows) {
  const head = make("tr");
  heads.forEach((each) => head.append(make("th", each, { scope: "col" })));
  at(id).replaceChildren(head, ...rows.map((cells) => {
    const row = make("tr");
    cells.forEach((cell) => row.append(make("td", String(cell), typeof cell === "number" ? { class: "number" } : {})));
    return row;
  }));
}

const short = (value) => (typeof value === "number" ? Number(value.toPrecision(4)) : "-");
const whole = (value) => value.toLocaleString("en");
let models = [];
let last = 0;

async function image(id, path, file, mine) {
  const figure = at(id);
  const blob = await (await ask(path, { method: "POST", body: file })).blob();
  if (mine !== last) return;
  const picture = figure.querySelector("img");
  if (picture.src) URL.revokeObjectURL(picture.src);
  picture.src = URL.createObjectURL(blob);
  figure.hidden = false;
}

function describe(file, summary) {
  at("name").textContent = file.name;
  const network = summary.network;
  const facts = [["format", summary.format], ["parameters", whole(summary.parameters)]];
  if (network) {
    facts.push(["network", `${network.family}, ${network.architecture}`], ["because", network.reason],
      ["confidence", `${Math.round(100 * network.confidence)} %`], ["input", network.input.join(" x ")],
      ["output", network.output.join(" x ")]);
  } else {
    facts.push(["network", summary.unrecognised]);
  }
  at("facts").replaceChildren(...facts.flatMap(([key, value]) => [make("dt", key), make("dd", value)]));
  table("symmetries", ["kind", "block", "blocks", "log10 of the order", "dimensions"], (network?.symmetries ?? []).map(
    (each) => [each.kind, each.size, each.count, short(each.log10_order), each.dimensions]));
  table("tensors", ["tensor", "type", "shape", "mean", "deviation", "least", "greatest"], summary.tensors.map(
    ({ name, dtype, shape, statistics: of }) => [name, dtype, shape.join(" x "), short(of?.mean), short(of?.deviation),
      short(of?.least), short(of?.greatest)]));
  at("result").hidden = false;
}

async function classify(model, file, mine) {
  const block = make("div");
  try {
    const answer = await (await ask(`/v1/models/${encodeURIComponent(model.name)}/classify`, { method: "POST", body: file })).json();
    block.append(make("h4", `${model.name}: ${answer.answer}`));
    for (const [name, value] of Object.entries(answer.probabilities).slice(0, 5)) {
      const line = make("div");
      line.append(make("meter", "", { value, "aria-label": name }), ` ${name} ${(100 * value).toFixed(1)} %`);
      block.append(line);
    }
  } catch (problem) {
    block.append(make("p", `${model.name}: ${problem.message}`, { class: "faint" }));
  }
  if (mine === last) at("answers").append(block);
}

async function look(file) {
  const mine = ++last;
  at("result").hidden = at("graph").hidden = at("picture").hidden = true;
  at("answers").replaceChildren();
  say("status", `Reading ${file.name} ...`);
  try {
    const summary = await (await ask("/v1/checkpoints/summary?statistics=true", { method: "POST", body: file })).json();
    if (mine !== last) return;
    describe(file, summary);
    const network = summary.network;
    const draws = network && network.input.join() === "2" && ["1", "3"].includes(network.output.join());
    const wanted = models.filter((model) => model.operations.includes("classify")).map((model) => classify(model, file, mine));
    if (network) wanted.push(image("graph", "/v1/checkpoints/graph", file, mine));
    if (draws) wanted.push(image("picture", "/v1/checkpoints/picture?side=256", file, mine));
    await Promise.all(wanted);
    if (mine === last) say("status", "");
  } catch (problem) {
    if (mine === last) say("status", problem.message, true);
  }
}

async function predict(event) {
  event.preventDefault();
  const family = at("family").value;
  say("predicted", "Predicting ...");
  try {
    const wanted = family ? { family } : { architecture: JSON.parse(at("architecture").value) };
    const body = JSON.stringify({ ...wanted, new_classes: at("classes").checked });
    const path = `/v1/models/${encodeURIComponent(at("hypernet").value)}/parameters`;
    const response = await ask(path, { method: "POST", body, headers: { "Content-Type": "application/json" } });
    const link = make("a", "", { href: URL.createObjectURL(await response.blob()), download: `${family || "network"}.safetensors` });
    link.click();
    URL.revokeObjectURL(link.href);
    say("predicted", "Done.");
  } catch (problem) {
    say("predicted", problem.message, true);
  }
}

function show(model) {
  const details = make("details");
  const facts = make("dl");
  for (const [key, value] of Object.entries({ version: model.version, ...model.facts })) {
    facts.append(make("dt", key), make("dd", String(value)));
  }
  details.append(make("summary", `${model.name} (${model.kind}): ${model.operations.join(", ") || "nothing yet"}`), facts);
  if (model.card) details.append(make("pre", model.card));
  return details;
}

async function begin() {
  try {
    models = (await (await ask("/v1/models")).json()).models;
    at("list").replaceChildren(...(models.length ? models.map(show) : [make("p", "There are none yet.")]));
    const writers = models.filter((model) => model.operations.includes("parameters"));
    at("hypernet").replaceChildren(...writers.map((model) => make("option", model.name)));
    at("predict").querySelector("button").disabled = !writers.length;
    if (!writers.length) say("predicted", "No hypernetwork is served.");
    const families = (await (await ask("/v1/families")).json()).families;
    at("family").append(...families.map((name) => make("option", name, { value: name })));
  } catch (problem) {
    say("status", problem.message, true);
  }
}

const drop = at("drop");
drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  if (event.dataTransfer.files.length) look(event.dataTransfer.files[0]);
});
at("file").addEventListener("change", () => { if (at("file").files.length) look(at("file").files[0]); });
at("predict").addEventListener("submit", predict);
begin();
