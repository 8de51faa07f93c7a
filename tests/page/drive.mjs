// Opens the pages in a browser, over WebDriver's JSON, and looks at what they do. Arguments: chromedriver, chromium, the folder of the pages.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [driver, browser, folder] = process.argv.slice(2);
const PATIENCE_MS = 60_000;

/** Starts the driver on a port of its own choice. */
function start() {
  const child = spawn(driver, ["--port=0"], { stdio: ["ignore", "pipe", "inherit"] });
  const port = new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (data) => {
      said += data;
      const found = /started successfully on port (\d+)/.exec(said);
      if (found) resolve(Number(found[1]));
    });
    child.on("error", reject);
    child.on("exit", () => reject(new Error(`chromedriver ended: ${said}`)));
  });
  return { child, port };
}

async function ask(base, method, path, body) {
  const response = await fetch(base + path, {
    method,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
  return value;
}

/** What can be done with a browser. */
class Session {
  static async open(base) {
    const args = [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", `--user-data-dir=${join(folder, "profile")}`, "--window-size=1100,900",
    ];
    const wanted = {
      browserName: "chrome",
      "goog:chromeOptions": { binary: browser, args },
      "goog:loggingPrefs": { browser: "ALL" },
    };
    const { sessionId } = await ask(base, "POST", "/session", { capabilities: { alwaysMatch: wanted } });
    return new Session(`${base}/session/${sessionId}`);
  }
  constructor(at) { this.at = at; }
  go(name) { return ask(this.at, "POST", "/url", { url: pathToFileURL(join(folder, name)).href }); }
  run(script, ...args) { return ask(this.at, "POST", "/execute/sync", { script, args }); }
  find(css) { return ask(this.at, "POST", "/element", { using: "css selector", value: css }); }
  async click(css) {
    const element = await this.find(css);
    return ask(this.at, "POST", `/element/${Object.values(element)[0]}/click`, {});
  }
  press(key) {
    const actions = [{ type: "keyDown", value: key }, { type: "keyUp", value: key }];
    return ask(this.at, "POST", "/actions", { actions: [{ type: "key", id: "keys", actions }] });
  }
  log() { return ask(this.at, "POST", "/se/log", { type: "browser" }); }
  chrome(cmd, params) { return ask(this.at, "POST", "/goog/cdp/execute", { cmd, params }); }
  async shoot(name) {
    if (!process.env.IJKPUNT_SHOTS) return;
    const { data } = await this.chrome("Page.captureScreenshot", { captureBeyondViewport: true });
    writeFileSync(join(process.env.IJKPUNT_SHOTS, name), Buffer.from(data, "base64"));
  }
  close() { return ask(this.at, "DELETE", ""); }
}

const [TAB, ENTER, SPACE] = ["\uE004", "\uE007", " "];
const BLUR = "return getComputedStyle(document.querySelector('.preview img')).filter";
const TEXT = "return document.querySelector('#u1m1 output').textContent";

async function isPlain(session, language) {
  assert.equal(await session.run("return document.documentElement.lang"), language);
  const bar = await session.run("return document.querySelector('.bar').textContent");
  assert.match(bar, language === "nl" ? /^Vertrouwelijk/ : /^Restricted/);
  const styled = await session.run("return getComputedStyle(document.querySelector('.bar')).position");
  assert.equal(styled, "sticky", "the policy lets the style through");
  const wide = await session.run("return document.documentElement.scrollWidth - innerWidth");
  assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);
  const names = await session.run("return performance.getEntriesByType('resource').map((one) => one.name)");
  assert.ok(names.every((name) => name.startsWith("data:")), String(names));
  const log = await session.log();
  assert.deepEqual(log, [], "the console is silent");
}

async function previewsAreBlurredUntilAskedFor(session) {
  const loaded = await session.run("return document.querySelector('.preview img').naturalWidth");
  assert.equal(loaded, 320);
  assert.match(await session.run(BLUR), /blur/);
  await session.click("#u1 .preview");
  assert.equal(await session.run(BLUR), "none");
  await session.click("#u1 .preview");
  assert.match(await session.run(BLUR), /blur/);
  await session.run("document.querySelector('#u1 .preview').focus()");
  for (const [key, seen] of [[ENTER, /none/], [ENTER, /blur/], [SPACE, /none/], [SPACE, /blur/]]) {
    await session.press(key);
    assert.match(await session.run(BLUR), seen);
  }
  const others = await session.run("return [...document.querySelectorAll('.preview')].map((one) => one.ariaPressed)");
  assert.deepEqual(others, ["false", "false", "false", "false"]);
}

async function ticksAreSummedUp(session) {
  const before = await session.run(TEXT);
  assert.match(before, /Upload: queue\/2026-11\/picture-0001\.jpg/);
  assert.match(before, /none ticked\nOutcome: not chosen/);
  await session.click("#u1m1 input[type=checkbox]");
  await session.click("#u1m1 input[value=exempt]");
  const after = await session.run(TEXT);
  assert.match(after, /may apply: education\nOutcome: the listed item, but for a purpose/);
  assert.doesNotMatch(after, /\d+ bits/);
  const other = await session.run("return document.querySelector('#u1m2 output').textContent");
  assert.match(other, /none ticked/, "the next match has answers of its own");
  await session.click("#u1m1 .select");
  assert.equal((await session.run("return String(getSelection())")).trim(), after.trim());
}

async function keysReachEverything(session) {
  await session.go("en.html");
  const met = [];
  for (let step = 0; step < 400; step += 1) {
    await session.press(TAB);
    const at = await session.run(
      "const a = document.activeElement; return a === document.body ? 'end' : a.className || a.type || a.getAttribute('href')",
    );
    if (at === "end") break;
    met.push(at);
    const hidden = await session.run(
      "const a = document.activeElement.getBoundingClientRect(), b = document.querySelector('.bar').getBoundingClientRect(); return a.bottom <= b.bottom && a.top >= 0 && document.activeElement.className !== 'skip'",
    );
    assert.ok(!hidden, `${at} is under the bar`);
  }
  assert.equal(met[0], "skip");
  const order = ["skip", "#u1", "preview", "checkbox", "radio", "select", "#top"].map((one) => met.indexOf(one));
  assert.ok(order.every((place) => place >= 0), `${met}`);
  assert.deepEqual(order, [...order].sort((a, b) => a - b), `${met}`);
  assert.equal(met.filter((one) => one === "preview").length, 4);
  assert.equal(met.filter((one) => one === "select").length, 5);
}

async function printIsReadable(session) {
  await session.chrome("Emulation.setEmulatedMedia", { media: "print" });
  const [position, preview, barEnds, headBegins] = await session.run(
    `const style = (css) => getComputedStyle(document.querySelector(css)), box = (css) => document.querySelector(css).getBoundingClientRect();
     return [style('.bar').position, style('.preview').display, box('.bar').bottom, box('h1').top]`,
  );
  assert.deepEqual([position, preview], ["static", "none"]);
  assert.ok(barEnds <= headBegins, "the bar covers nothing");
  await session.chrome("Emulation.setEmulatedMedia", { media: "" });
}

/** The policy is in force, so that the silence above says something. */
async function thePolicyIsInForce(session) {
  await session.run(
    `const image = document.createElement('img'); image.src = 'http://127.0.0.1:9/x.png'; document.body.append(image);
     document.body.setAttribute('style', 'outline: 9px solid');
     const script = document.createElement('script'); script.textContent = 'window.was = 1'; document.body.append(script);`,
  );
  assert.equal(await session.run("return window.was ?? null"), null);
  assert.notEqual(await session.run("return getComputedStyle(document.body).outlineWidth"), "9px");
  const log = await session.log();
  const refused = log.filter((line) => line.message.includes("Content Security Policy"));
  assert.ok(refused.some((line) => line.message.includes("127.0.0.1")), JSON.stringify(log));
}

const { child, port } = start();
let session;
try {
  session = await Session.open(`http://127.0.0.1:${await port}`);
  for (const language of ["nl", "en"]) {
    await session.go(`${language}.html`);
    await isPlain(session, language);
    await session.shoot(`${language}.png`);
  }
  await previewsAreBlurredUntilAskedFor(session);
  await ticksAreSummedUp(session);
  await keysReachEverything(session);
  await printIsReadable(session);
  if (process.env.IJKPUNT_SHOTS) {
    await session.chrome("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: "dark" }] });
    await session.shoot("dark.png");
  }
  await thePolicyIsInForce(session);
} finally {
  await session?.close().catch(() => {});
  child.kill();
}
