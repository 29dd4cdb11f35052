#include "broker/pack.hpp"

#include <array>
#include <chrono>
#include <cstring>
#include <type_traits>
#include <utility>

namespace luamig::broker {
namespace {

constexpr double most_of_a_number = 1e18;       // a rate, seconds
constexpr int most_dimensions = 8;              // of an array
constexpr std::uint64_t most_columns = 65'535;  // PostgreSQL's parameters; SQLite has fewer

struct value_packer {
  packer& to;
  void operator()(null_value) const {}
  void operator()(bool b) const { to.put(static_cast<unsigned char>(b)); }
  void operator()(std::int64_t i) const { to.put(i); }
  void operator()(double d) const { to.put(d); }
  void operator()(const decimal& d) const { to.put(d.digits); }
  void operator()(const std::string& s) const { to.put(s); }
  void operator()(const blob& b) const { to.put(b.bytes); }
  void operator()(const array& a) const { put(to, a.items); }
};

value get_value(unpacker& from, int depth);

std::vector<value> get_values(unpacker& from, int depth) {
  if (depth > most_dimensions) throw bad_frame("an array has too many dimensions");
  std::vector<value> out(from.count(1));
  for (value& v : out) v = get_value(from, depth);
  return out;
}

value get_value(unpacker& from, int depth) {
  switch (from.number<unsigned char>()) {
    case 0:
      return null_value{};
    case 1:
      return from.flag();
    case 2:
      return from.number<std::int64_t>();
    case 3:
      return from.number<double>();
    case 4:
      return decimal{std::string(from.text())};
    case 5:
      return std::string(from.text());
    case 6:
      return blob{std::string(from.text())};
    case 7:
      return array{get_values(from, depth + 1)};
    default:
      throw bad_frame("no such kind of value");
  }
}

std::string get_text(unpacker& from) { return std::string(from.text()); }

void put(packer& to, bool flag) { to.put(static_cast<unsigned char>(flag)); }

}  // namespace

error of_script(error e) {
  if (e.code != errc::limit) e.code = errc::migration;
  e.kind.clear();
  e.sqlstate.clear();
  e.signal = 0;
  e.half_done = false;
  e.state_after.clear();
  return e;
}

void put(packer& to, const value& v) {
  to.put(static_cast<unsigned char>(v.index()));
  std::visit(value_packer{to}, static_cast<const value::variant&>(v));
}

void put(packer& to, const std::vector<value>& values) {
  to.put(static_cast<std::uint64_t>(values.size()));
  for (const value& v : values) put(to, v);
}

std::vector<value> get_values(unpacker& from) { return get_values(from, 0); }

void put(packer& to, const std::vector<std::string>& texts) {
  to.put(static_cast<std::uint64_t>(texts.size()));
  for (const std::string& text : texts) to.put(text);
}

std::vector<std::string> get_texts(unpacker& from) {
  std::vector<std::string> out(from.count(sizeof(std::uint64_t)));
  for (std::string& text : out) text = from.text();
  return out;
}

void put(packer& to, const db::parameters& given) {
  put(to, given.given);
  put(to, given.is_row);
  put(to, given.positional);
  to.put(static_cast<std::uint64_t>(given.named.size()));
  for (const auto& [name, entry] : given.named) {
    to.put(name);
    put(to, entry.is_list);
    put(to, entry.single);
    put(to, entry.list);
  }
}

db::parameters get_parameters(unpacker& from) {
  db::parameters given;
  given.given = from.flag();
  given.is_row = from.flag();
  given.positional = get_values(from);
  for (std::size_t left = from.count(1); left > 0; --left) {
    std::string name = get_text(from);
    db::parameters::entry entry;
    entry.is_list = from.flag();
    entry.single = get_value(from, 0);
    entry.list = get_values(from);
    given.named.insert_or_assign(std::move(name), std::move(entry));
  }
  return given;
}

void put(packer& to, const db::row_block& rows) {
  static_assert(std::is_trivially_copyable_v<db::cell>);
  to.put(static_cast<std::uint64_t>(rows.columns()));
  to.put(std::string_view(reinterpret_cast<const char*>(rows.cells().data()),
                          rows.cells().size_bytes()));
  to.put(rows.all_bytes());
}

void get_rows(unpacker& from, db::row_block& into) {
  const auto columns = from.number<std::uint64_t>();
  const std::string_view raw = from.text();
  const std::string_view bytes = from.text();
  if (columns > most_columns) throw bad_frame("more columns than a database has");
  if (raw.size() % sizeof(db::cell) != 0) throw bad_frame("half a cell");
  std::vector<db::cell> cells(raw.size() / sizeof(db::cell));
  if (!raw.empty()) std::memcpy(static_cast<void*>(cells.data()), raw.data(), raw.size());
  if (!into.assign(columns, std::move(cells), bytes)) throw bad_frame("unsound rows");
}

void put(packer& to, const std::vector<db::column>& columns) {
  to.put(static_cast<std::uint64_t>(columns.size()));
  for (const db::column& c : columns) to.put(c.name).put(c.kind).put(c.element);
}

std::vector<db::column> get_columns(unpacker& from) {
  std::vector<db::column> columns(from.count(2));
  for (db::column& c : columns) {
    c.name = from.text();
    c.kind = from.one_of(db::cell_kind::array);
    c.element = from.one_of(db::cell_kind::array);
  }
  return columns;
}

namespace {

void put(packer& to, const std::vector<db::binary_form>& forms) {
  to.put(static_cast<std::uint64_t>(forms.size()));
  for (const db::binary_form form : forms) to.put(form);
}

std::vector<db::binary_form> get_forms(unpacker& from) {
  std::vector<db::binary_form> forms(from.count(1));
  for (db::binary_form& form : forms) form = from.one_of(db::binary_form::bytea);
  return forms;
}

}  // namespace

void put(packer& to, const db::row_target& target) {
  to.put(target.table).put(target.name).put(target.list);
  put(to, target.columns);
  to.put(static_cast<std::uint64_t>(target.rules.size()));
  for (const db::column_rule rule : target.rules) to.put(rule);
  put(to, target.forms);
  put(to, target.names_refused);
}

db::row_target get_target(unpacker& from) {
  db::row_target target;
  target.table = from.text();
  target.name = from.text();
  target.list = from.text();
  target.columns = get_texts(from);
  target.rules.resize(from.count(1));
  if (!target.rules.empty() && target.rules.size() != target.columns.size())
    throw bad_frame("rules of other columns");
  for (db::column_rule& rule : target.rules) rule = from.one_of(db::column_rule::key);
  target.forms = get_forms(from);
  if (!target.forms.empty() && target.forms.size() != target.columns.size())
    throw bad_frame("forms of other columns");
  target.names_refused = from.flag();
  return target;
}

void put(packer& to, const engine::statement& s) {
  to.put(s.sql).put(s.comment).put(s.file).put(s.line);
  put(to, s.values);
  put(to, s.forms);
  put(to, s.keeps_undo);
  put(to, s.uncounted);
}

engine::statement get_statement(unpacker& from) {
  engine::statement s;
  s.sql = from.text();
  s.comment = from.text();
  s.file = from.text();
  s.line = from.number<int>();
  s.values = get_values(from);
  s.forms = get_forms(from);
  s.keeps_undo = from.flag();
  s.uncounted = from.flag();
  return s;
}

void put(packer& to, const engine::observer::rows_done& done) {
  to.put(done.what).put(done.rows);
  put(to, done.total.has_value());
  to.put(done.total.value_or(0)).put(done.rate).put(done.seconds);
}

engine::observer::rows_done get_rows_done(unpacker& from) {
  const auto number = [&from] {
    const auto n = from.number<double>();
    if (!(n >= 0 && n < most_of_a_number)) throw bad_frame("no rate and no time");
    return n;
  };
  engine::observer::rows_done done;
  done.what = from.text();
  done.rows = from.number<std::int64_t>();
  const bool known = from.flag();
  const auto total = from.number<std::int64_t>();
  if (done.rows < 0 || total < 0) throw bad_frame("less than no rows");
  if (known) done.total = total;
  done.rate = number();
  done.seconds = number();
  return done;
}

void put(packer& to, const worker::layers& there) {
  for (const bool layer : {there.no_privileges, there.system_calls, there.files, there.descriptors,
                           there.limits, there.parent})
    put(to, layer);
}

worker::layers get_layers(unpacker& from) {
  worker::layers there;
  for (bool* layer : {&there.no_privileges, &there.system_calls, &there.files, &there.descriptors,
                      &there.limits, &there.parent})
    *layer = from.flag();
  return there;
}

void put(packer& to, const bindings::lua_host_options& options) {
  to.put(options.memory_limit);
  for (const auto limit : {options.limits.time, options.limits.total_time, options.limits.load})
    to.put(static_cast<std::int64_t>(limit.count()));
  to.put(static_cast<std::uint64_t>(options.x.size()));
  for (const auto& [name, text] : options.x) to.put(name).put(text);
}

bindings::lua_host_options get_options(unpacker& from) {
  bindings::lua_host_options options;
  options.memory_limit = from.number<std::int64_t>();
  for (auto* limit : {&options.limits.time, &options.limits.total_time, &options.limits.load})
    *limit = std::chrono::milliseconds(from.number<std::int64_t>());
  for (std::size_t left = from.count(1); left > 0; --left) {
    std::string name = get_text(from);
    options.x.emplace_back(std::move(name), get_text(from));
  }
  return options;
}

void put(packer& to, const script::script& s) {
  const script::header& h = s.head;
  to.put(s.name).put(s.text).put(h.revision).put(h.irreversible).put(h.message).put(h.notes);
  for (const auto* list : {&h.down_revision, &h.depends_on, &h.branch_labels, &h.environments})
    put(to, *list);
  for (const bool flag : {h.transactional, h.has_upgrade, h.has_downgrade, h.has_verify})
    put(to, flag);
  for (const int line : {h.revision_line, h.down_revision_line, h.depends_on_line,
                         h.branch_labels_line, h.environments_line})
    to.put(line);
}

script::script get_script(unpacker& from) {
  script::script s;
  script::header& h = s.head;
  for (std::string* text : {&s.name, &s.text, &h.revision, &h.irreversible, &h.message, &h.notes})
    *text = from.text();
  for (auto* list : {&h.down_revision, &h.depends_on, &h.branch_labels, &h.environments})
    *list = get_texts(from);
  for (bool* flag : {&h.transactional, &h.has_upgrade, &h.has_downgrade, &h.has_verify})
    *flag = from.flag();
  for (int* line : {&h.revision_line, &h.down_revision_line, &h.depends_on_line,
                    &h.branch_labels_line, &h.environments_line})
    *line = from.number<int>();
  return s;
}

void put(packer& to, const engine::step_context& step) {
  to.put(step.script == nullptr ? std::string() : step.script->head.revision);
  to.put(step.way).put(step.shown_url).put(step.tag).put(step.began).put(step.outcome);
  to.put(step.seconds).put(step.where.version_table).put(step.where.schema);
}

engine::step_context get_step(unpacker& from, std::string& revision) {
  engine::step_context step;
  revision = from.text();
  step.way = from.one_of(graph::direction::repeat);
  step.shown_url = from.text();
  step.tag = from.text();
  step.began = from.number<std::int64_t>();
  step.outcome = from.text();
  step.seconds = from.number<double>();
  step.where.version_table = from.text();
  step.where.schema = from.text();
  return step;
}

}  // namespace luamig::broker
