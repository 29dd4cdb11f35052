// The page is one file: its style stands in it, and it asks for nothing else.
#include <algorithm>

#include "base/text.hpp"
#include "base/version.hpp"
#include "cli/effects.hpp"
#include "cli/format.hpp"

namespace luamig::cli {
namespace {

constexpr std::string_view style = R"(
:root{--ink:#1d2433;--soft:#5d6780;--line:#e3e7ef;--paper:#fff;--ground:#f5f7fb;--blue:#2f6fed;
--green:#16875d;--red:#c7383f;--amber:#b26a00;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
@media(prefers-color-scheme:dark){:root{--ink:#e7ebf4;--soft:#9aa5bd;--line:#2b3346;--paper:#171d2b;
--ground:#0f1420;--blue:#7aa7ff;--green:#52c79a;--red:#ff7b80;--amber:#f0b357}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);
font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1020px;margin:0 auto;padding:44px 24px 72px}
header h1{font-size:28px;letter-spacing:-.02em;margin:0 0 4px}header p{margin:0;color:var(--soft)}
code,pre{font-family:var(--mono);font-size:13px}
.verdict{display:inline-block;margin-top:16px;padding:6px 14px;border-radius:999px;font-weight:600;
background:color-mix(in srgb,var(--green) 14%,transparent);color:var(--green)}
.verdict.bad{background:color-mix(in srgb,var(--red) 14%,transparent);color:var(--red)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(118px,1fr));gap:14px;margin:26px 0 34px}
.card{background:var(--paper);border:1px solid var(--line);border-radius:14px;padding:14px 18px}
.card b{display:block;font-size:22px;white-space:nowrap;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.card span{color:var(--soft);font-size:13px}
article{background:var(--paper);border:1px solid var(--line);border-radius:16px;margin:0 0 22px;
overflow:hidden;box-shadow:0 1px 2px rgba(16,24,40,.05)}
article>h2{display:flex;gap:12px;align-items:baseline;margin:0;padding:16px 22px;font-size:18px;
border-bottom:1px solid var(--line)}
article>h2 code{color:var(--blue)}article>h2 small{margin-left:auto;color:var(--soft);font-weight:400;
font-size:13px;white-space:nowrap}
section{padding:14px 22px}section+section{border-top:1px solid var(--line)}
h3{font-size:12px;text-transform:uppercase;letter-spacing:.07em;color:var(--soft);margin:0 0 8px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
td,th{padding:5px 10px 5px 0;text-align:left;vertical-align:top}th{color:var(--soft);font-weight:500;
font-size:13px}td.n,th.n{text-align:right;white-space:nowrap}tr+tr td{border-top:1px solid var(--line)}
td.place{color:var(--soft);overflow-wrap:anywhere}td.n.place{width:56px}
.bar{height:6px;border-radius:3px;background:var(--blue);min-width:2px}
.track{width:120px;background:color-mix(in srgb,var(--blue) 14%,transparent);border-radius:3px;margin-top:9px}
.tag{display:inline-block;padding:1px 9px;border-radius:999px;font-size:12px;margin:2px 6px 0 0;
white-space:nowrap;
background:color-mix(in srgb,var(--soft) 14%,transparent)}
.tag.strong{background:color-mix(in srgb,var(--red) 13%,transparent);color:var(--red)}
.tag.some{background:color-mix(in srgb,var(--amber) 15%,transparent);color:var(--amber)}
.plus{color:var(--green)}.minus{color:var(--red)}.minus,.plus{display:block;white-space:pre-wrap;
overflow-wrap:anywhere}details summary{cursor:pointer}details pre{white-space:pre-wrap;
overflow-wrap:anywhere;background:var(--ground);border-radius:8px;padding:8px 12px;margin:6px 0}
ul{margin:0;padding-left:20px}footer{color:var(--soft);font-size:13px;text-align:center}
)";

std::string escaped(std::string_view s) {
  std::string out;
  for (const char c : text::escape_controls(s)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string element(std::string_view name, const std::string& inside) {
  const std::string tag(name.substr(0, name.find(' ')));
  return "<" + std::string(name) + ">" + inside + "</" + tag + ">";
}

std::string number(std::int64_t n) { return n == 0 ? "" : grouped(n); }

/// How much a lock is in the way of others.
std::string_view lock_class(std::string_view mode) {
  if (mode.starts_with("ACCESS EXCLUSIVE")) return "span class=\"tag strong\"";
  return mode.starts_with("ROW ") ? "span class=\"tag\"" : "span class=\"tag some\"";
}

std::string section(std::string_view title, const std::string& inside) {
  return inside.empty() ? "" : element("section", element("h3", std::string(title)) + inside);
}

std::string bar(double part) {
  const auto percent = static_cast<int>(std::clamp(part, 0.0, 1.0) * 100);
  return "<div class=\"track\"><div class=\"bar\" style=\"width:" + std::to_string(percent) +
         "%\"></div></div>";
}

std::string operation_row(const engine::operation_effects& o, double longest) {
  std::string what = "<details><summary>" + escaped(o.summary) + "</summary>";
  for (const std::string& sql : o.sql) what += element("pre", escaped(sql));
  what += "</details>";
  if (!o.destroys.empty()) what += element("span class=\"tag strong\"", escaped(o.destroys));
  for (const std::string& lock : o.locks) what += element(lock_class(lock), escaped(lock));
  for (const std::string& index : o.indexes) {
    what += element("span class=\"tag\"", "builds " + escaped(index));
  }
  std::int64_t counted = 0;
  for (const auto& [table, effects] : o.tables) {
    counted += effects.rows();
    if (effects.rewritten > 0) {
      what += element("span class=\"tag some\"", escaped(table) + " written anew");
    }
  }
  return element("tr", element("td class=\"n place\"", element("code", std::to_string(o.line))) +
                           element("td", what) + element("td class=\"n\"", number(o.statements)) +
                           element("td class=\"n\"", number(o.rows != 0 ? o.rows : counted)) +
                           element("td class=\"n\"", seconds(o.seconds)) +
                           element("td", bar(longest > 0 ? o.seconds / longest : 0)));
}

std::string operations(const engine::revision_effects& of) {
  if (of.operations.empty()) return "";
  double longest = 0;
  for (const engine::operation_effects& o : of.operations) longest = std::max(longest, o.seconds);
  std::string rows =
      "<tr><th class=\"n\">line</th><th>what</th><th class=\"n\">statements</th><th "
      "class=\"n\">rows</th>"
      "<th class=\"n\">time</th><th></th></tr>";
  std::string_view file;
  for (const engine::operation_effects& o : of.operations) {
    if (o.file != file) {
      rows += element(
          "tr", element("td colspan=\"6\" class=\"place\"", element("code", escaped(o.file))));
    }
    file = o.file;
    rows += operation_row(o, longest);
  }
  return element("table", rows);
}

std::string tables(const engine::revision_effects& of) {
  if (of.tables.empty()) return "";
  std::string rows =
      "<tr><th>table</th><th class=\"n\">inserted</th><th class=\"n\">updated</th>"
      "<th class=\"n\">deleted</th><th></th></tr>";
  for (const auto& [name, t] : of.tables) {
    rows += element("tr", element("td", element("code", escaped(name))) +
                              element("td class=\"n\"", number(t.inserted)) +
                              element("td class=\"n\"", number(t.updated)) +
                              element("td class=\"n\"", number(t.deleted)) +
                              element("td", t.rewritten > 0 ? "written anew" : ""));
  }
  return element("table", rows);
}

std::string locks(const engine::revision_effects& of) {
  if (of.locks.empty()) return "";
  std::string rows;
  for (const engine::lock_effects& l : of.locks) {
    rows +=
        element("tr", element("td", element("code", escaped(l.table))) +
                          element("td", element(lock_class(l.mode), escaped(l.mode))) +
                          element("td class=\"place\"",
                                  element("code", escaped(l.file) + ":" + std::to_string(l.line))) +
                          element("td class=\"n\"", "for " + seconds(l.seconds)) +
                          element("td", bar(of.seconds > 0 ? l.seconds / of.seconds : 0)));
  }
  return element("table", rows);
}

std::string schema(const engine::revision_effects& of) {
  std::string out;
  for (const std::string& line : folded(of.schema_removed)) {
    out += element("code class=\"minus\"", "− " + escaped(line));
  }
  for (const std::string& line : folded(of.schema_added)) {
    out += element("code class=\"plus\"", "+ " + escaped(line));
  }
  return out;
}

std::string rest(const engine::revision_effects& of) {
  std::string items;
  for (const engine::sequence_effects& s : of.sequences) {
    items += element("li", "the sequence " + escaped(s.name) + " has moved from " +
                               std::to_string(s.before) + " to " + std::to_string(s.after) +
                               ", and stays there");
  }
  for (const std::string& sentence : of.not_simulated) items += element("li", escaped(sentence));
  return items.empty() ? "" : element("ul", items);
}

std::string article(const engine::revision_effects& of) {
  const std::string wal = of.wal_bytes ? " · WAL " + bytes_text(*of.wal_bytes) : "";
  return element(
      "article",
      element("h2", std::string(arrow(of.way)) + " " + element("code", escaped(of.revision)) + " " +
                        escaped(of.message) + (of.failed ? " — failed" : "") +
                        element("small", grouped(of.statements) + " statements · " +
                                             seconds(of.seconds) + wal)) +
          section("Line by line", operations(of)) + section("Rows", tables(of)) +
          section("Locks", locks(of)) + section("Schema", schema(of)) +
          section("Not simulated, or not undone", rest(of)));
}

std::string card(const std::string& amount, std::string_view of) {
  return element("div class=\"card\"", element("b", amount) + element("span", std::string(of)));
}

std::string cards(const engine::run_report& run) {
  std::int64_t statements = 0;
  engine::table_effects rows;
  std::int64_t wal = 0;
  std::size_t rewritten = 0;
  double exclusive = 0;
  for (const engine::revision_effects& of : run.effects) {
    statements += of.statements;
    wal += of.wal_bytes.value_or(0);
    for (const auto& [name, t] : of.tables) {
      rows.inserted += t.inserted;
      rows.updated += t.updated;
      rows.deleted += t.deleted;
      rewritten += t.rewritten > 0 ? 1 : 0;
    }
    for (const engine::lock_effects& l : of.locks) {
      if (l.mode == "ACCESS EXCLUSIVE") exclusive = std::max(exclusive, l.seconds);
    }
  }
  std::string out =
      card(std::to_string(run.effects.size()), "revisions") +
      card(grouped(statements), "statements") + card(grouped(rows.inserted), "rows inserted") +
      card(grouped(rows.updated), "rows updated") + card(grouped(rows.deleted), "rows deleted");
  if (rewritten > 0) out += card(std::to_string(rewritten), "tables written anew");
  if (exclusive > 0) out += card(seconds(exclusive), "longest exclusive lock");
  if (wal > 0) out += card(bytes_text(wal), "WAL");
  return element("div class=\"cards\"", out);
}

std::string verdict(const engine::run_report& run) {
  if (run.failure) {
    return element("div class=\"verdict bad\"",
                   "✗ " + escaped(run.failed.empty() ? "failed" : run.failed + " failed") + ": " +
                       escaped(run.failure->message));
  }
  const std::string at = run.would_be.empty() ? "base" : text::join(run.would_be, ", ");
  return element("div class=\"verdict\"", "✓ goes through, then at " + escaped(at));
}

}  // namespace

std::string effects_page(std::string_view shown_url, const engine::run_report& of, bool sandboxed) {
  std::string body =
      element("header", element("h1", "Dry run") +
                            element("p", element("code", escaped(shown_url)) +
                                             " · nothing was changed · " + seconds(of.seconds) +
                                             (sandboxed ? " at most: scripts take longer in the "
                                                          "sandbox, where these ran"
                                                        : "")) +
                            verdict(of)) +
      cards(of);
  for (const engine::revision_effects& one : of.effects) body += article(one);
  body += element("footer", "luamig " + std::string(version));
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width, initial-scale=1\"><title>Dry run</title>" +
         element("style", std::string(style)) + "</head><body>" + element("main", body) +
         "</body></html>\n";
}

}  // namespace luamig::cli
