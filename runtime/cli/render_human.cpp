#include "cli/render_human.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include "base/text.hpp"
#include "cli/effects.hpp"
#include "cli/format.hpp"
#include "cli/history_graph.hpp"

namespace luamig::cli {
namespace {

constexpr std::size_t by_width = 24;  // system user @ database user; --json has the longer ones

/// Prints each kind of report; messages of scripts' authors cannot drive the terminal.
class human {
 public:
  explicit human(const terminal& to) : to_(to) {}

  void operator()(const text_report& r) { to_.out() << r.text; }

  void operator()(const version_report& r) { line("luamig " + r.version); }

  void operator()(const files_report& r) {
    for (const std::string& path : r.paths) {
      line(path);
    }
    for (const std::string& path : r.kept) {
      to_.say("kept " + path);
    }
  }

  void operator()(const revisions_report& r) {
    if (r.verbose && !r.shown_url.empty()) {
      line("Current revision(s) for " + r.shown_url + ":");
    }
    for (const revision_view& item : r.items) {
      line(r.verbose ? block(item) : head_line(item));
    }
  }

  void operator()(const branches_report& r) {
    for (const branches_report::branch& branch : r.items) {
      line(r.verbose ? block(branch.point) : full_line(branch.point));
      const std::string indent(branch.point.revision.size(), ' ');
      for (const revision_view& child : branch.children) {
        const bool with_message = r.verbose && !child.message.empty();
        line(indent + " -> " + full_line(child) + (with_message ? ", " + child.message : ""));
      }
    }
  }

  void operator()(const history_report& r) {
    if (r.format == history_format::dot) {
      line(draw_dot(r.items), "");
    } else if (r.format == history_format::mermaid) {
      line(draw_mermaid(r.items), "");
    } else if (r.graph) {
      line(draw_lanes(r.items, r.verbose), "");
    } else {
      for (const revision_view& item : r.items) {
        line(r.verbose ? block(item) : history_line(item));
      }
    }
  }

  void operator()(const show_report& r) {
    if (!r.source || r.with_block) {
      for (const revision_view& item : r.items) {
        line(block(item), "");
      }
    }
    if (r.source) {
      to_.out() << (r.with_block ? "\n" : "") << *r.source;
    }
  }

  void operator()(const status_report& r) {
    std::size_t id = 8;
    std::size_t state = 8;
    for (const status_report::row& row : r.items) {
      state = std::max(state, state_of(row).size());
      id = std::max(id, row.revision.size() + (row.head ? 7 : 0));
    }
    for (const status_report::row& row : r.items) {
      const std::string revision = row.revision + (row.head ? " (head)" : "");
      const std::string took = row.seconds && !row.when.empty() ? seconds(*row.seconds) : "";
      std::string text = padded(revision, id) + "  " + padded(state_of(row), state) + "  " +
                         padded(row.when.substr(0, 19), 19) + "  " +
                         padded(text::shorten(row.by, by_width), by_width) + "  " +
                         padded(took, 8) + "  " + row.message;
      line(text.erase(text.find_last_not_of(' ') + 1));
    }
    say_counts(r);
  }

  void operator()(const rejects_report& r) {
    std::size_t id = 0;
    std::size_t step = 0;
    for (const engine::rejected_row& row : r.items) {
      id = std::max(id, std::to_string(row.id).size());
      step = std::max(step, row.step.size());
    }
    for (const engine::rejected_row& row : r.items) {
      if (r.whole) {
        whole(row);
      } else {
        line(padded(std::to_string(row.id), id) + "  " + row.revision + "  " +
             padded(row.step, step) + "  " + text::shorten(row.key, 60) + "  " +
             text::shorten(row.error, 100));
      }
    }
    if (r.items.empty()) to_.say("no rejected rows");
  }

  void operator()(const retried_report& r) {
    using outcome = engine::retried_row::outcome;
    for (const std::string& step : r.run.changed) {
      to_.say(step +
              ": not as it was when the rows were rejected; they are given to what the file "
              "has now");
    }
    for (const engine::retried_row& one : r.run.rows) {
      line(std::to_string(one.row.id) + "  " + one.row.revision + "  " + one.row.step + "  " +
           text::shorten(one.row.key, 60) + "  " + became(one));
    }
    if (r.run.rows.empty()) return to_.say("no rejected rows");
    std::string said = std::to_string(r.run.count(outcome::mended)) + " of " +
                       counted(r.run.rows.size(), "rejected row") + " mended";
    if (const auto passed = r.run.count(outcome::passed); passed > 0)
      said += ", " + std::to_string(passed) + " no longer asked for";
    if (const auto left = r.run.remaining(); left > 0)
      said += ", " + std::to_string(left) + (left == 1 ? " remains" : " remain");
    to_.say(said);
    if (r.run.remaining() > 0)
      to_.say(
          "  next    mend these rows or the function and try again; luamig rejects drop forgets "
          "them");
  }

  void operator()(const plan_report& r) {
    std::size_t id = 0;
    for (const graph::step& step : r.plan.steps) {
      id = std::max(id, step.revision.size());
    }
    for (std::size_t i = 0; i < r.plan.steps.size(); ++i) {
      const graph::step& step = r.plan.steps[i];
      line(std::string(arrow(step.way)) + " " + padded(step.revision, id) + "  " +
           std::string(r.messages[i]) + (step.why.empty() ? "" : "  (" + step.why + ")"));
      if (i >= r.operations.size() || r.operations[i].empty()) continue;
      std::string shown = operations_text(r.operations[i]);
      shown.pop_back();
      line(shown);
    }
    const std::vector<std::string>& rows = r.plan.rows_after;
    const std::string heads = rows.empty() ? "base" : text::join(rows, ", ");
    to_.say((r.plan.steps.empty() ? "nothing to do, at " : "then at ") + heads);
  }

  void operator()(const run_report& r) {
    if (r.run.failure) {
      return;
    }
    const std::string at = r.shown_heads.empty() ? "base" : text::join(r.shown_heads, ", ");
    if (r.run.applied.empty() && r.run.repeated.empty()) {
      to_.say("  nothing to do, " + r.shown_url + " is at " + at);
      return;
    }
    if (r.dry_run) {
      done("dry run: " + what_was_done(r) + " in " + seconds(r.run.seconds) +
           (r.sandboxed ? " at most, then at " : ", then at ") +
           (r.run.would_be.empty() ? "base" : text::join(r.run.would_be, ", ")) +
           "; nothing was changed, still at " + at);
      return;
    }
    done(what_was_done(r) + " in " + seconds(r.run.seconds) + ", now at " + at);
  }

  void operator()(const config_report& r) {
    std::size_t key = 0;
    for (const config::settings::entry& entry : r.items) {
      key = std::max(key, entry.key.size());
    }
    for (const config::settings::entry& entry : r.items) {
      line(padded(entry.key, key) + " = " + entry.value + "  (" + entry.from + ")");
    }
  }

  void operator()(const templates_report& r) {
    for (const auto& [name, description] : r.items) {
      line(padded(name, 8) + "  " + description);
    }
  }

  void operator()(const difference_report& r) {
    for (const std::string& item : r.items) line(item);
    to_.say(r.message);
  }

  void operator()(const done_report& r) { to_.say(r.message); }

 private:
  void whole(const engine::rejected_row& row) {
    line("revision  " + row.revision + ", " + row.direction);
    line("step      " + row.step);
    line("table     " + row.table);
    line("key       " + row.key);
    if (!row.changes.empty()) line("changes   " + row.changes);
    line("error     " + row.error);
    line("when      " + row.at);
    if (row.attempts > 1) line("attempts  " + std::to_string(row.attempts));
  }

  static std::string what_was_done(const run_report& r) {
    const std::size_t steps = r.run.applied.size();
    if (r.reverted) {
      return std::to_string(*r.reverted) + " reverted, " + std::to_string(steps - *r.reverted) +
             " applied";
    }
    // How many rows a stamp replaced is nobody's business: where the database is now counts.
    if (r.verb == "stamped") return r.verb;
    const std::string repeated = counted(r.run.repeated.size(), "repeatable") + " run";
    if (steps == 0) return repeated;
    if (r.verb == "run") return text::join(r.run.applied, ", ") + " has run";
    return counted(steps, "revision") + " " + r.verb +
           (r.run.repeated.empty() ? "" : ", " + repeated);
  }

  void line(std::string_view text, std::string_view end = "\n") {
    to_.out() << text::escape_controls(text) << end;
  }

  void done(const std::string& text) {
    if (to_.at_least(loudness::normal)) {
      to_.err() << "  " << to_.paint(colour::green, "✓") << ' ' << text::escape_controls(text)
                << '\n';
    }
  }

  static std::string became(const engine::retried_row& one) {
    using outcome = engine::retried_row::outcome;
    switch (one.what) {
      case outcome::mended:
        return "mended";
      case outcome::passed:
        return "no longer asked for: `where` does not find it";
      case outcome::gone:
        return "there is no such row any more";
      case outcome::failed:
        break;
    }
    return "rejected again: " + text::shorten(one.row.error, 100);
  }

  /// "half done (3 steps)", "half done (3 steps, the next 43 %)".
  static std::string state_of(const status_report::row& row) {
    if (!row.steps) return row.state;
    return row.state + " (" + std::to_string(*row.steps) + (*row.steps == 1 ? " step" : " steps") +
           (row.part.empty() ? "" : ", the next " + row.part) + (row.paused ? ", paused)" : ")");
  }

  void say_counts(const status_report& r) {
    std::string text;
    constexpr std::array states{std::pair{"applied", "applied"},
                                std::pair{"stamped", "stamped"},
                                std::pair{"skipped", "skipped"},
                                std::pair{"modified", "modified"},
                                std::pair{"comments changed", "with other comments"},
                                std::pair{"half done", "half done"},
                                std::pair{"pending", "pending"},
                                std::pair{"missing", "missing"}};
    for (const auto& [state, shown] : states) {
      const auto count = std::count_if(r.items.begin(), r.items.end(),
                                       [&, name = state](auto& row) { return row.state == name; });
      if (count > 0) {
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + shown;
      }
    }
    to_.say(r.shown_url + ": " + (text.empty() ? "no revisions" : text));
  }

  const terminal& to_;
};

}  // namespace

void render_human(const report& what, const terminal& to) {
  human printer(to);
  std::visit(printer, what.body);
  for (const std::string& warning : what.warnings) {
    to.warn(warning);
  }
}

}  // namespace luamig::cli
