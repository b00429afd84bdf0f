// SPDX-License-Identifier: Apache-2.0

// What the lists show stands in the page's address, behind its #, so that it can be shared and
// gone back to: a search, chips, a tile, an order, and the token in the panel. It reads as
// q=nightly&severity=high&token=95013, with in=LOGIN before what is of each of several lists.
//
// An address is anybody's text: of it only what a list has already is chosen, by exact words, and
// only the search is shown, as text in its field.

const longestAddress = 4000; // of which more is read by nobody

// nameOf names a list in an address, where there are several.
function nameOf(list) {
  const unique = lists.every((l) => l === list || l.login !== list.login);
  return unique ? list.login : list.section.id;
}

// addressOf returns the address of what the lists show, and of tokens in the panel.
function addressOf(opened) {
  const params = new URLSearchParams();
  for (const list of lists) {
    const pairs = list.pairs();
    for (const [of, token] of opened) {
      if (of === list) pairs.push(["token", token.key]);
    }
    if (pairs.length > 0 && lists.length > 1) params.append("in", nameOf(list));
    for (const [key, value] of pairs) params.append(key, value);
  }
  return "#" + params.toString().replaceAll("%3A", ":");
}

// remember puts what is shown into the address: as a step that can be gone back, or in place of
// the last one.
function remember(replace) {
  const address = addressOf(shown ? [[shown.list, shown.token]] : []);
  if (address === (location.hash || "#")) return;
  const url = address === "#" ? location.pathname + location.search : address;
  try {
    if (replace) history.replaceState(null, "", url);
    else history.pushState(null, "", url);
  } catch {
    // Some browsers allow few steps in a short time, and none in a frame of no address: the page
    // then shows what was chosen all the same.
  }
}

// follow shows what the address says: a part of the page, or what the lists are to show.
function follow() {
  const text = location.hash.slice(1, longestAddress);
  if (reveal(text) || text && !text.includes("=")) return;
  const pairs = new Map(lists.map((list) => [list, []]));
  let list = lists[0], lost = false;
  for (const [key, value] of new URLSearchParams(text)) {
    if (key === "in") {
      list = lists.find((l) => nameOf(l) === value);
      lost ||= !list;
    } else if (list) pairs.get(list).push([key, value]);
  }
  let opened = null;
  for (const of of lists) {
    const token = of.set(pairs.get(of));
    if (token) opened = [of, token];
  }
  if (lost && lists[0]) lists[0].tell();
  if (opened) openPanel(...opened);
  else {
    const last = shown;
    shown = null; // the address says so already
    panel.close();
    if (last) last.list.focus(last.token);
  }
  if (!opened && list && list !== lists[0]) list.section.scrollIntoView();
}

// reveal opens the part of the page that an address names, such as a rule's explanation; false if
// there is none.
function reveal(text) {
  let target = document.getElementById(text);
  try {
    target ||= document.getElementById(decodeURIComponent(text));
  } catch {
    return false; // no text that an address may hold
  }
  if (!target || text.includes("=")) return false;
  if (panel.open) {
    shown = null;
    panel.close();
  }
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.querySelector("summary").focus();
  }
  return true;
}
