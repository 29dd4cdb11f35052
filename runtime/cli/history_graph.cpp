#include "cli/history_graph.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>

#include "base/text.hpp"
#include "cli/format.hpp"

namespace luamig::cli {
namespace {

/// Vertical lanes, each waiting for the revision that its line leads down to; "" is a free lane.
class lanes {
 public:
  lanes(const revision_list& items, bool verbose) : verbose_(verbose) {
    for (const revision_view& item : items) {
      known_.insert(item.revision);
    }
  }

  std::string add(const revision_view& item) {
    const std::size_t own = take(item.revision);
    std::string out = join(item.revision, own);
    out += verbose_ ? block_beside(item, own) : row(own, "● ") + history_line(item) + "\n";
    return out + fork(item, own);
  }

 private:
  /// The block of a revision, and a line between it and the next.
  std::string block_beside(const revision_view& item, std::size_t own) const {
    std::string out;
    const char* mark = "● ";
    for (const std::string& line : text::split(block(item), '\n')) {
      std::string whole = row(own, mark) + line;
      out += whole.erase(whole.find_last_not_of(' ') + 1) + "\n";
      mark = known_parents(item).empty() ? "  " : "│ ";
    }
    return out;
  }

  std::vector<std::string> known_parents(const revision_view& item) const {
    std::vector<std::string> parents;
    std::copy_if(item.down_revision.begin(), item.down_revision.end(), std::back_inserter(parents),
                 [&](const std::string& parent) { return known_.contains(parent); });
    return parents;
  }

  /// The first lane that waits for the revision, or a new one.
  std::size_t take(const std::string& revision) {
    auto lane = std::find(waiting_.begin(), waiting_.end(), revision);
    if (lane == waiting_.end()) {
      lane = std::find(waiting_.begin(), waiting_.end(), "");
      lane = lane == waiting_.end() ? waiting_.insert(lane, revision) : lane;
      *lane = revision;
    }
    return static_cast<std::size_t>(lane - waiting_.begin());
  }

  /// Other lanes that wait for the same revision end in its own.
  std::string join(const std::string& revision, std::size_t own) {
    std::string out;
    for (std::size_t lane = waiting_.size(); lane-- > own + 1;) {
      if (waiting_[lane] == revision) {
        out += bend(own, lane, "╯");
        waiting_[lane].clear();
        drop_free_lanes();
      }
    }
    return out;
  }

  std::string fork(const revision_view& item, std::size_t own) {
    const std::vector<std::string> parents = known_parents(item);
    waiting_[own] = parents.empty() ? "" : parents.front();
    std::string out;
    for (std::size_t i = 1; i < parents.size(); ++i) {
      const auto free =
          std::find(waiting_.begin() + static_cast<std::ptrdiff_t>(own) + 1, waiting_.end(), "");
      const auto lane = static_cast<std::size_t>(free - waiting_.begin());
      out += bend(own, lane, "╮");
      if (free == waiting_.end()) {
        waiting_.emplace_back();
      }
      waiting_[lane] = parents[i];
    }
    drop_free_lanes();
    return out;
  }

  void drop_free_lanes() {
    while (!waiting_.empty() && waiting_.back().empty()) {
      waiting_.pop_back();
    }
  }

  [[nodiscard]] bool used(std::size_t lane) const {
    return lane < waiting_.size() && !waiting_[lane].empty();
  }

  [[nodiscard]] std::string row(std::size_t own, std::string_view mark) const {
    std::string out;
    for (std::size_t lane = 0; lane < std::max(waiting_.size(), own + 1); ++lane) {
      out += lane == own ? mark : used(lane) ? "│ " : "  ";
    }
    return out;
  }

  /// The line between two revisions in which lane `to` meets lane `from`: "├─╯", "├─┼─╮".
  [[nodiscard]] std::string bend(std::size_t from, std::size_t to, std::string_view corner) const {
    std::string out;
    for (std::size_t lane = 0; lane < std::max(waiting_.size(), to + 1); ++lane) {
      if (lane == from) {
        out += "├─";
      } else if (lane == to) {
        out += corner;
        out += ' ';
      } else if (lane > from && lane < to) {
        out += used(lane) ? "┼─" : "──";
      } else {
        out += used(lane) ? "│ " : "  ";
      }
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out + "\n";
  }

  bool verbose_;
  std::vector<std::string> waiting_;
  std::set<std::string> known_;
};

/// In double quotes for Graphviz.
std::string in_quotes(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    out += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
  }
  return out + "\"";
}

/// Text in a Mermaid node: quotes and brackets would end it.
std::string mermaid_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "#quot;";
        break;
      case '#':
        out += "#35;";
        break;
      case '<':
        out += "#lt;";
        break;
      case '>':
        out += "#gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::string draw_lanes(const revision_list& items, bool verbose) {
  lanes drawing(items, verbose);
  std::string out;
  for (const revision_view& item : items) {
    out += drawing.add(item);
  }
  return out;
}

std::string draw_dot(const revision_list& items) {
  std::string out = "digraph revisions {\n  rankdir=BT;\n  node [shape=box];\n";
  for (const revision_view& item : items) {
    std::string label = in_quotes(full_line(item));
    if (!item.message.empty()) {
      label.insert(label.size() - 1, "\\n" + in_quotes(item.message).substr(1));
      label.pop_back();
    }
    out += "  " + in_quotes(item.revision) + " [label=" + label + "];\n";
    for (const std::string& parent : item.down_revision) {
      out += "  " + in_quotes(parent) + " -> " + in_quotes(item.revision) + ";\n";
    }
    for (const std::string& needed : item.depends_on) {
      out += "  " + in_quotes(needed) + " -> " + in_quotes(item.revision) + " [style=dashed];\n";
    }
  }
  return out + "}\n";
}

std::string draw_mermaid(const revision_list& items) {
  // Mermaid reads some ids as words of its own ("end"): nodes are numbered instead.
  std::map<std::string, std::string> names;
  for (const revision_view& item : items) {
    names.emplace(item.revision, "r" + std::to_string(names.size()));
  }
  std::string out = "flowchart BT\n";
  for (const revision_view& item : items) {
    const std::string message = item.message.empty() ? "" : "<br>" + mermaid_text(item.message);
    out += "  " + names[item.revision] + "[\"" + mermaid_text(full_line(item)) + message + "\"]\n";
  }
  for (const revision_view& item : items) {
    for (const auto& [parents, arrow] :
         {std::pair{&item.down_revision, " --> "}, std::pair{&item.depends_on, " -.-> "}}) {
      for (const std::string& parent : *parents) {
        if (names.contains(parent)) {
          out += "  " + names[parent] + arrow + names[item.revision] + "\n";
        }
      }
    }
  }
  return out;
}

}  // namespace luamig::cli
