#include "broker/remote_door.hpp"

#include <algorithm>
#include <utility>

#include "broker/remote_rows.hpp"

namespace luamig::broker {
namespace {

std::int64_t number_of(const std::string& answer) {
  return unpacker(answer).number<std::int64_t>();
}

bool flag_of(const std::string& answer) { return unpacker(answer).flag(); }

std::string text_of(const std::string& answer) { return std::string(unpacker(answer).text()); }

packer with_place(std::string_view text, const db::parameters& given, std::string_view file,
                  int line) {
  packer to;
  to.put(text).put(file).put(line);
  put(to, given);
  return to;
}

}  // namespace

void put(packer& to, const session_state& state) {
  to.put(state.kind).put(state.depth);
  for (const bool flag : {state.offline, state.takes_steps, state.names_operations})
    to.put(static_cast<unsigned char>(flag));
}

session_state get_state(unpacker& from) {
  session_state state;
  state.kind = from.one_of(db::engine::postgresql);
  state.depth = from.number<std::uint64_t>();
  for (bool* flag : {&state.offline, &state.takes_steps, &state.names_operations})
    *flag = from.flag();
  return state;
}

void put_optional(packer& to, const std::optional<std::string>& text) {
  to.put(static_cast<unsigned char>(text.has_value()));
  if (text) to.put(*text);
}

std::optional<std::string> get_optional(std::string_view values) {
  unpacker from(values);
  return get_optional(from);
}

std::optional<std::string> get_optional(unpacker& from) {
  if (!from.flag()) return std::nullopt;
  return std::string(from.text());
}

remote_door::remote_door(link& host, session_state state)
    : host_(host), state_(state), depth_(state.depth), told_depth_(state.depth) {
  host_.before_asking = [this] {
    for (; told_depth_ < depth_; ++told_depth_) host_.tell(verb::entered);
  };
}

remote_door::remote_door(link& host, db::engine kind, std::uint64_t number)
    : host_(host), depth_(0), told_depth_(0), number_(number) {
  state_.kind = kind;
}

remote_door::~remote_door() {
  if (number_ == 0) host_.before_asking = [] {};
}

std::int64_t remote_door::execute(const engine::statement& s, answer) {
  packer to;
  put(to, s);
  return number_of(host_.ask(verb::execute, to));
}

// The count is the host's. What it is called there stands in its place here: an address comes
// again.
void remote_door::execute_each(const engine::statement& s, const db::row_block& rows,
                               const db::tally& affected) {
  if (*affected == 0) *affected = ++tallies_;
  packer to;
  to.put(static_cast<std::uint64_t>(*affected));
  put(to, s);
  put(to, rows);
  host_.ask(verb::execute_each, to);
}

std::int64_t remote_door::settle(const db::tally& affected) {
  packer to;
  to.put(static_cast<std::uint64_t>(*affected));
  return number_of(host_.ask(verb::settle, to));
}

std::optional<std::int64_t> remote_door::execute_with(const engine::statement&, db::row_program&) {
  throw error{errc::migration, "the database cannot call a function of another process"};
}

std::int64_t remote_door::execute_text(std::string_view text, const db::parameters& given,
                                       std::string_view file, int line, answer) {
  return number_of(host_.ask(verb::execute_text, with_place(text, given, file, line)));
}

std::unique_ptr<engine::row_intake> remote_door::write_rows(
    db::row_target into, std::string file, int line, engine::row_intake::refusal on_refusal) {
  packer to;
  put(to, into);
  to.put(file).put(line).put(static_cast<unsigned char>(on_refusal != nullptr));
  const auto id = unpacker(host_.ask(verb::open_writer, to)).number<std::uint64_t>();
  return std::make_unique<remote_intake>(host_, id, std::move(into), std::move(on_refusal));
}

std::unique_ptr<engine::row_source> remote_door::open(const std::string& opened) {
  unpacker from(opened);
  const auto id = from.number<std::uint64_t>();
  return std::make_unique<remote_rows>(*this, id, get_columns(from), depth_);
}

std::unique_ptr<engine::row_source> remote_door::query(engine::statement s, bool streaming) {
  packer to;
  to.put(number_);
  put(to, s);
  to.put(static_cast<unsigned char>(streaming));
  return open(host_.ask(verb::query, to));
}

std::unique_ptr<engine::row_source> remote_door::look(engine::statement s) {
  packer to;
  to.put(number_);
  put(to, s);
  return open(host_.ask(verb::look, to));
}

void remote_door::check_query(std::string_view text, const db::parameters& given,
                              std::string_view file, int line) {
  host_.ask(verb::check_query, with_place(text, given, file, line));
}

bool remote_door::knows_schema() { return flag_of(host_.ask(verb::knows_schema)); }

std::optional<std::string> remote_door::begin_step(const engine::step_key& key) {
  packer to;
  to.put(key.label).put(key.asked);
  for (const bool flag : {key.reads, key.block}) to.put(static_cast<unsigned char>(flag));
  auto done = get_optional(host_.ask(verb::begin_step, to));
  if (!done) {
    in_step_ = true;
    step_depth_ = depth_;
  }
  return done;
}

bool remote_door::begun_before() { return flag_of(host_.ask(verb::begun_before)); }

std::optional<std::string> remote_door::part_of_step() {
  return get_optional(host_.ask(verb::part_of_step));
}

void remote_door::keep_part(std::string_view record, std::string_view reverse) {
  host_.ask(verb::keep_part, packer().put(record).put(reverse));
}

void remote_door::keep_ranges(std::string_view record, std::string_view reverse,
                              const std::vector<std::string>& ranges) {
  packer to;
  to.put(record).put(reverse);
  put(to, ranges);
  host_.ask(verb::keep_ranges, to);
}

std::optional<std::string> remote_door::range_of_step(std::size_t number) {
  return get_optional(
      host_.ask(verb::range_of_step, packer().put(static_cast<std::uint64_t>(number))));
}

void remote_door::keep_range(std::size_t number, std::string_view record) {
  host_.ask(verb::keep_range, packer().put(static_cast<std::uint64_t>(number)).put(record));
}

void remote_door::stand_apart(engine::observer& /*watching*/) {
  throw error(errc::migration, why_not_apart());
}

void remote_door::undo_part() {
  for (remote_rows* rows : open_) rows->undone(0);
  host_.ask(verb::undo_part);
  depth_ = told_depth_ = step_depth_;
}

std::string remote_door::control() { return text_of(host_.ask(verb::control)); }

void remote_door::reject(const engine::rejected_row& row) {
  host_.ask(verb::reject, packer().put(row.table).put(row.key).put(row.changes).put(row.error));
}

void remote_door::step_ended() {
  in_step_ = false;
  depth_ = told_depth_ = step_depth_;
}

void remote_door::finish_step(std::string_view record, std::string_view reverse) {
  try {
    host_.ask(verb::finish_step, packer().put(record).put(reverse));
  } catch (const error&) {
    step_ended();
    throw;
  }
  in_step_ = false;
}

void remote_door::undo_step() {
  for (remote_rows* rows : open_) rows->undone(0);
  host_.ask(verb::undo_step);
  step_ended();
}

bool remote_door::touched() { return flag_of(host_.ask(verb::touched)); }

void remote_door::begin_operation(const engine::called_operation& called) {
  host_.ask(verb::begin_operation, packer()
                                       .put(called.name)
                                       .put(called.summary)
                                       .put(called.destroys)
                                       .put(called.file)
                                       .put(called.line));
}

std::string remote_door::undo_table(const engine::books&, bool make) {
  return text_of(host_.ask(verb::undo_table, packer().put(static_cast<unsigned char>(make))));
}

void remote_door::rewrite_table(const db::stored_text& as, std::string_view comment,
                                std::string_view file, int line) {
  packer to;
  to.put(as.schema).put(as.table).put(as.sql).put(comment).put(file).put(line);
  host_.ask(verb::rewrite_table, to);
}

void remote_door::begin_rebuild() { host_.ask(verb::begin_rebuild); }

void remote_door::end_rebuild() { host_.ask(verb::end_rebuild); }

std::string remote_door::problem(std::string_view sql) {
  return text_of(host_.ask(verb::problem, packer().put(sql)));
}

engine::door& remote_door::beside(std::string_view name) {
  if (const auto found = seconds_.find(name); found != seconds_.end()) return *found->second;
  const std::string opened = host_.ask(verb::beside, packer().put(name));
  unpacker from(opened);
  const auto number = from.number<std::uint64_t>();
  auto made = std::make_unique<remote_door>(host_, from.one_of(db::engine::postgresql), number);
  made->depth_ = depth_;
  return *seconds_.emplace(name, std::move(made)).first->second;
}

std::size_t remote_door::enter() {
  for (const auto& [name, second] : seconds_) (void)second->enter();
  return ++depth_;
}

void remote_door::close_level(std::size_t depth, bool keep) {
  for (remote_rows* rows : open_) {
    if (keep) {
      rows->kept(depth);
    } else {
      rows->undone(depth);
    }
  }
  depth_ = depth - 1;
  for (const auto& [name, second] : seconds_) second->close_level(depth, keep);
}

// One that nothing was asked in is not known to the host.
void remote_door::leave(std::size_t depth, bool keep) {
  const bool told = depth <= told_depth_;
  close_level(depth, keep || !told);
  if (!told) return;
  told_depth_ = depth_;
  host_.ask(verb::leave, packer().put(std::uint64_t{depth}).put(static_cast<unsigned char>(keep)));
}

void remote_door::keep_file(file::output) { throw error{errc::migration, "files are the host's"}; }

}  // namespace luamig::broker
