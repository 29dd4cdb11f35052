#include "cli/render_json.hpp"

#include "base/text.hpp"
#include "cli/exit_status.hpp"
#include "cli/json_line.hpp"
#include "cli/render_error.hpp"
#include "db/mask.hpp"

namespace luamig::cli {
namespace {

json_value text_or_null(const std::string& s) { return s.empty() ? json_value() : json_value(s); }

/// The JSON that a book has kept; the text where it is none, null for nothing.
json_value kept_json(const std::string& s) {
  if (s.empty()) return {};
  json_value read = json_value::parse(s, nullptr, false);
  return read.is_discarded() ? json_value(s) : read;
}

/// A program reads more of it than a person, but not a statement of megabytes.
std::string bounded(const std::string& s) {
  constexpr std::size_t longest = 64 * 1024;
  return text::shorten(db::mask(s), longest);
}

json_value revision(const revision_view& v) {
  json_value object{{"revision", v.revision},
                    {"message", v.message},
                    {"down_revision", v.down_revision},
                    {"depends_on", v.depends_on},
                    {"branch_labels", v.branch_labels},
                    {"head", v.head},
                    {"branch_point", v.branch_point},
                    {"merge_point", v.merge_point},
                    {"current", v.current ? json_value(*v.current) : json_value()},
                    {"path", v.path}};
  if (!v.state.empty()) {
    object["state"] = v.state;
  }
  return object;
}

template <typename List>
json_value revisions(const List& items) {
  json_value list = json_value::array();
  for (const revision_view& item : items) {
    list.push_back(revision(item));
  }
  return list;
}

json_value listing(std::string_view event, json_value items) {
  return {{"event", event}, {"items", std::move(items)}};
}

/// Builds the object of each kind of report.
struct builder {
  int exit;

  json_value operator()(const text_report& r) const {
    return {{"event", "text"}, {"text", r.text}};
  }

  json_value operator()(const version_report& r) const {
    return {{"event", "version"}, {"version", r.version}};
  }

  json_value operator()(const files_report& r) const {
    return {{"event", r.event},
            {"revision", text_or_null(r.revision)},
            {"paths", r.paths},
            {"kept", r.kept}};
  }

  json_value operator()(const revisions_report& r) const {
    return listing(r.event, revisions(r.items));
  }

  json_value operator()(const branches_report& r) const {
    json_value list = json_value::array();
    for (const branches_report::branch& branch : r.items) {
      json_value object = revision(branch.point);
      object["children"] = revisions(branch.children);
      list.push_back(std::move(object));
    }
    return listing("branches", std::move(list));
  }

  json_value operator()(const history_report& r) const {
    return listing("history", revisions(r.items));
  }

  json_value operator()(const show_report& r) const {
    json_value object = listing("show", revisions(r.items));
    for (std::size_t i = 0; i < r.items.size(); ++i) {
      object["items"][i]["notes"] = r.items[i].notes;
    }
    if (r.source) {
      object["source"] = *r.source;
    }
    return object;
  }

  json_value operator()(const status_report& r) const {
    json_value list = json_value::array();
    for (const status_report::row& row : r.items) {
      list.push_back({{"revision", row.revision},
                      {"message", row.message},
                      {"state", row.state},
                      {"head", row.head},
                      {"when", text_or_null(row.when)},
                      {"by", text_or_null(row.by)},
                      {"seconds", row.seconds ? json_value(*row.seconds) : json_value()}});
      if (row.steps) list.back()["steps"] = *row.steps;
      if (row.rows > 0) list.back()["rows"] = row.rows;
      if (row.of_rows > 0) list.back()["of_rows"] = row.of_rows;
      if (row.paused) list.back()["paused"] = true;
    }
    return listing("status", std::move(list));
  }

  json_value operator()(const rejects_report& r) const {
    json_value list = json_value::array();
    for (const engine::rejected_row& row : r.items) {
      list.push_back({{"id", row.id},
                      {"revision", row.revision},
                      {"direction", row.direction},
                      {"step", row.step},
                      {"table", row.table},
                      {"key", kept_json(row.key)},
                      {"changes", kept_json(row.changes)},
                      {"error", row.error},
                      {"attempts", row.attempts},
                      {"when", row.at}});
    }
    return listing("rejects", std::move(list));
  }

  json_value operator()(const retried_report& r) const {
    json_value list = json_value::array();
    for (const engine::retried_row& one : r.run.rows) {
      const bool failed = one.what == engine::retried_row::outcome::failed;
      list.push_back({{"id", one.row.id},
                      {"revision", one.row.revision},
                      {"step", one.row.step},
                      {"table", one.row.table},
                      {"key", kept_json(one.row.key)},
                      {"outcome", engine::name(one.what)},
                      {"error", failed ? json_value(one.row.error) : json_value()}});
    }
    return {{"event", "rejects_retried"},
            {"items", std::move(list)},
            {"changed", r.run.changed},
            {"remaining", r.run.remaining()}};
  }

  json_value operator()(const plan_report& r) const {
    json_value steps = json_value::array();
    for (std::size_t i = 0; i < r.plan.steps.size(); ++i) {
      const graph::step& step = r.plan.steps[i];
      steps.push_back({{"revision", step.revision},
                       {"direction", graph::name(step.way)},
                       {"message", r.messages[i]},
                       {"why", step.why}});
    }
    return {{"event", "plan"}, {"steps", std::move(steps)}, {"heads", r.plan.rows_after}};
  }

  json_value operator()(const run_report& r) const {
    const auto turn = r.run.applied.begin() + static_cast<std::ptrdiff_t>(r.reverted.value_or(0));
    json_value object{{"event", "end"},
                      {"exit", exit},
                      {"applied", std::vector<std::string>(turn, r.run.applied.end())},
                      {"repeated", r.run.repeated},
                      {"failed", text_or_null(r.run.failed)},
                      {"pending", r.run.pending},
                      {"heads", r.run.heads},
                      {"seconds", r.run.seconds}};
    if (r.dry_run) {
      object["dry_run"] = true;
      object["sandbox"] = r.sandboxed;
      object["would_be"] = r.run.would_be;
    }
    if (r.reverted) {
      object["reverted"] = std::vector<std::string>(r.run.applied.begin(), turn);
    }
    return object;
  }

  json_value operator()(const config_report& r) const {
    json_value list = json_value::array();
    for (const config::settings::entry& entry : r.items) {
      list.push_back({{"key", entry.key}, {"value", entry.value}, {"from", entry.from}});
    }
    return listing("config", std::move(list));
  }

  json_value operator()(const templates_report& r) const {
    json_value list = json_value::array();
    for (const auto& [name, description] : r.items) {
      list.push_back({{"name", name}, {"description", description}});
    }
    return listing("templates", std::move(list));
  }

  json_value operator()(const difference_report& r) const {
    return {{"event", "difference"}, {"items", r.items}, {"message", r.message}};
  }

  json_value operator()(const done_report& r) const {
    return {{"event", r.event}, {"message", r.message}};
  }
};

}  // namespace

void render_json(const report& what, std::string_view env, std::ostream& out) {
  json_value object = std::visit(builder{what.exit}, what.body);
  if (!what.warnings.empty()) {
    object["warnings"] = what.warnings;
  }
  print_line(out, env, std::move(object));
}

void render_json(const error& what, std::string_view env, std::ostream& out) {
  json_value object{{"event", "error"},
                    {"code", name(what.code)},
                    {"exit", exit_of(what)},
                    {"message", bounded(what.message)},
                    {"revision", text_or_null(what.revision)},
                    {"file", text_or_null(what.file)},
                    {"line", what.line > 0 ? json_value(what.line) : json_value()},
                    {"sql", text_or_null(bounded(what.sql))},
                    {"sqlstate", text_or_null(sqlstate(what))},
                    {"state", text_or_null(what.state_after)},
                    {"next", text_or_null(bounded(what.hint))}};
  print_line(out, env, std::move(object));
}

}  // namespace luamig::cli
