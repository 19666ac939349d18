// The script that one would write instead of feedpub: gray-matter reads, feed writes. Run `node feeds.mjs corpus out`.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { Feed } from "feed";
import matter from "gray-matter";

const LIMIT = 50;
const SITE = "https://feeds.example.org/";
const [corpus, out] = process.argv.slice(2);

const all = [];
const categories = new Map();

for (const path of readdirSync(corpus, { recursive: true })) {
  if (!path.endsWith(".html")) continue;
  // Without options gray-matter keeps every file that it ever read.
  const { data, content } = matter(readFileSync(`${corpus}/${path}`, "utf8"), {});
  const link = `${SITE}${path.slice(0, -".html".length)}/`;
  const author = [{ name: data.author }];
  const category = data.categories.map((name) => ({ name }));
  const date = new Date(data.date);
  const item = { title: data.title, id: link, link, date, published: date, author, category, content };
  add(all, item);
  for (const name of data.categories) {
    if (!categories.has(name)) categories.set(name, []);
    add(categories.get(name), item);
  }
}

write("Benchmark", "", all);
for (const [name, items] of categories) write(name, `${name}/`, items);

function add(items, item) {
  // Old articles are let go in between: a hundred thousand would not fit into the memory that node allows itself.
  if (items.push(item) >= 4 * LIMIT) cut(items);
}

function cut(items) {
  items.sort((one, other) => other.date - one.date).splice(LIMIT);
}

function write(title, folder, items) {
  cut(items);
  const feed = new Feed({ title, id: SITE + folder, link: SITE + folder, description: title, updated: items[0].date });
  for (const item of items) feed.addItem(item);
  mkdirSync(`${out}/${folder}`, { recursive: true });
  writeFileSync(`${out}/${folder}rss.xml`, feed.rss2());
  writeFileSync(`${out}/${folder}atom.xml`, feed.atom1());
  writeFileSync(`${out}/${folder}feed.json`, feed.json1());
}
