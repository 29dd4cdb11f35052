#include "broker/servant.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "broker/servant_parts.hpp"
#include "db/mask.hpp"
#include "engine/script_output.hpp"

namespace luamig::broker {
namespace {

constexpr std::size_t most_tallies = 65'536;        // counts that are not settled
constexpr std::size_t most_savepoints = 65'536;     // Lua's stack ends before
constexpr std::size_t most_of_rows = 1024U * 1024;  // bytes of a message, but for a longer row

/// How many bytes a row takes.
std::size_t size_of_row(const db::row_block& block, std::size_t row) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < block.columns(); ++i) {
    const db::cell& c = block.at(row, i);
    size += sizeof c + (c.kind >= db::cell_kind::decimal ? c.size : 0);
  }
  return size;
}

}  // namespace

servant::servant(worker::channel& to, means with) : to_(to), with_(std::move(with)) {}

servant::~servant() = default;

void servant::begin(engine::session* on, const engine::step_context* step, bool env,
                    std::map<std::string, std::string>* required) {
  on_ = on;
  books_ = step == nullptr ? engine::books{} : step->where;
  if (on != nullptr) on->find_places(with_.places, with_.watching);
  base_depth_ = on == nullptr ? 0 : on->depth();
  durable_ = on != nullptr && on->takes_steps();
  env_ = env;
  required_ = required;
  printed_ = 0;
  told_codes_.clear();
  told_words_.clear();
  last_file_.clear();
  last_line_ = 0;
}

void servant::end() {
  rows_.clear();
  writers_.clear();
  files_.clear();
  tallies_.clear();
  seconds_.clear();
  on_ = nullptr;
  required_ = nullptr;
}

engine::session& servant::on() const {
  if (on_ == nullptr) throw bad_frame("there is no database in this call");
  return *on_;
}

/// 0: the one that is migrated.
engine::door& servant::door(std::uint64_t number) const {
  if (number == 0) return on();
  if (number > seconds_.size()) throw bad_frame("no such database");
  return *seconds_[number - 1];
}

void servant::note_place(std::string_view file, int line) {
  if (line <= 0) return;
  last_file_ = text::shorten(text::one_line(file), 200);
  last_line_ = line;
}

engine::statement servant::statement_of(unpacker& from) {
  engine::statement s = get_statement(from);
  note_place(s.file, s.line);
  return s;
}

bool servant::serve(const worker::frame& asked) {
  if (asked.kind > static_cast<unsigned char>(last_verb)) throw bad_frame("no such message");
  const verb about = static_cast<verb>(asked.kind);
  if (about == verb::done || about == verb::failed || about == verb::ready) return false;
  unpacker from(asked.bytes);
  if (hear(about, from)) {
    from.end();
    return true;
  }
  packer out;
  verb how = verb::answer;
  try {
    answer(about, from, out);
    if (out.bytes().size() > worker::most_of_a_frame)
      throw error{errc::migration, "more than 64 MB at once, which is too much under --sandbox",
                  "read less in one call; or --sandbox=off"};
  } catch (const error& e) {
    out = {};
    how = verb::failure;
    put(out, e);
    note_told(e);
  }
  to_.send(static_cast<unsigned char>(how), out);
  return true;
}

void servant::note_told(const error& e) {
  told_codes_.insert(e.code);
  if (told_words_.size() >= most_open) return;
  told_words_.insert(e.kind);
  told_words_.insert(e.sqlstate);
}

/// What nothing comes back for.
bool servant::hear(verb about, unpacker& from) {
  switch (about) {
    case verb::message: {
      const auto how = from.one_of(engine::observer::level::warning);
      engine::say_line(with_.watching, printed_, how, from.text());
      return true;
    }
    case verb::rows_worked: {
      engine::observer::rows_done done = get_rows_done(from);
      done.what = text::shorten(text::escape_controls(db::mask(done.what)), 200);
      with_.watching.rows_worked(done);
      return true;
    }
    case verb::entered:
      if (on().depth() >= most_savepoints) throw bad_frame("too many savepoints");
      (void)on().enter();
      return true;
    case verb::close_rows:
      rows_.erase(from.number<std::uint64_t>());
      return true;
    case verb::drop_writer:
      writers_.erase(from.number<std::uint64_t>());
      return true;
    case verb::drop_file:
      files_.erase(from.number<std::uint64_t>());
      return true;
    default:
      return false;
  }
}

void servant::answer(verb about, unpacker& from, packer& out) {
  const bool known = answer_database(about, from, out) || answer_rows(about, from, out) ||
                     answer_step(about, from, out) || answer_files(about, from, out);
  if (!known) throw bad_frame("no request");
  from.end();
}

void servant::keep_rows(std::unique_ptr<engine::row_source> rows, packer& out) {
  if (rows_.size() >= most_open)
    throw error{errc::migration, "too many queries are open at once", "end their loops"};
  out.put(next_id_);
  put(out, rows->columns());
  auto made = std::make_unique<reader>();
  made->rows = std::move(rows);
  rows_.emplace(next_id_++, std::move(made));
}

/// What is left of a block of the database's, which counts its rows alone, or the next one.
void servant::put_next_rows(reader& of, packer& out) {
  const bool begun = of.sent > 0 && of.sent < of.rows->block().rows();
  const bool more = begun || of.rows->next_block();
  out.put(static_cast<unsigned char>(more));
  if (!more) return;
  const db::row_block& block = of.rows->block();
  if (!begun) of.sent = 0;
  if (!begun && block.held() <= most_of_rows) {
    of.sent = block.rows();
    return put(out, block);
  }
  db::row_block part;
  part.clear(block.columns());
  do {
    for (std::size_t i = 0; i < block.columns(); ++i) part.add_copy(block, block.at(of.sent, i));
    ++of.sent;
  } while (of.sent < block.rows() && part.held() + size_of_row(block, of.sent) <= most_of_rows);
  put(out, part);
}

bool servant::answer_rows(verb about, unpacker& from, packer& out) {
  switch (about) {
    case verb::query: {
      engine::door& of = door(from.number<std::uint64_t>());
      engine::statement s = statement_of(from);
      const bool streaming = from.flag();
      keep_rows(of.query(std::move(s), streaming), out);
      return true;
    }
    case verb::look: {
      engine::door& of = door(from.number<std::uint64_t>());
      keep_rows(of.look(statement_of(from)), out);
      return true;
    }
    case verb::fetch: {
      const auto found = rows_.find(from.number<std::uint64_t>());
      if (found == rows_.end()) throw bad_frame("no such query");
      put_next_rows(*found->second, out);
      return true;
    }
    case verb::execute_each: {
      const auto id = from.number<std::uint64_t>();
      const engine::statement s = statement_of(from);
      db::row_block rows;
      get_rows(from, rows);
      if (!s.forms.empty() && s.forms.size() != rows.columns())
        throw bad_frame("forms of other columns");
      if (tallies_.size() >= most_tallies) throw bad_frame("too many counts");
      db::tally& affected = tallies_[id];
      if (!affected) affected = std::make_shared<std::int64_t>(0);
      on().execute_each(s, rows, affected);
      return true;
    }
    case verb::settle: {
      const auto sent = tallies_.extract(from.number<std::uint64_t>());
      out.put(on().settle(sent ? sent.mapped() : std::make_shared<std::int64_t>(0)));
      return true;
    }
    case verb::open_writer: {
      db::row_target into = get_target(from);
      std::string file(from.text());
      const int line = from.number<int>();
      const bool takes_refusals = from.flag();
      note_place(file, line);
      if (writers_.size() >= most_open) throw bad_frame("too many writers");
      auto made = std::make_unique<writer>();
      made->rows = on().write_rows(
          std::move(into), std::move(file), line,
          !takes_refusals
              ? engine::row_intake::refusal()
              : [this](std::int64_t number, const db::row_block& rows, std::size_t row,
                       const error& why) { ask_about_refusal(number, rows, row, why); });
      out.put(next_id_);
      writers_.emplace(next_id_++, std::move(made));
      return true;
    }
    case verb::put_rows:
    case verb::settle_writer:
    case verb::finish_writer: {
      const auto found = writers_.find(from.number<std::uint64_t>());
      if (found == writers_.end()) throw bad_frame("no such writer");
      put_rows(*found->second, from);
      if (about == verb::settle_writer) found->second->rows->settle();
      if (about == verb::finish_writer) {
        out.put(found->second->rows->finish());
        writers_.erase(found);
      }
      return true;
    }
    default:
      return false;
  }
}

void servant::put_rows(writer& into, unpacker& from) {
  const std::string_view raw = from.text();
  db::row_block rows;
  get_rows(from, rows);
  const std::size_t count = raw.size() / sizeof(std::int64_t);
  const std::size_t width = into.rows->target().columns.size();
  if (raw.size() % sizeof(std::int64_t) != 0 || rows.columns() != width || rows.rows() != count)
    throw bad_frame("rows of another writer");
  unpacker numbers(raw);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t column = 0; column < width; ++column)
      into.rows->room().add_copy(rows, rows.at(i, column));
    into.rows->end_row(numbers.number<std::int64_t>());
  }
}

/// The worker decides, while its own question waits. Until it has, it may only say something: the
/// writer, and whatever made it write, are in use.
void servant::ask_about_refusal(std::int64_t number, const db::row_block& rows, std::size_t row,
                                const error& why) {
  db::row_block one;
  one.clear(rows.columns());
  for (std::size_t i = 0; i < rows.columns(); ++i) one.add_copy(rows, rows.at(row, i));
  packer out;
  out.put(number);
  put(out, why);
  put(out, one);
  to_.send(static_cast<unsigned char>(verb::refused), out);
  while (true) {
    worker::frame reply = to_.receive_always();
    unpacker from(reply.bytes);
    if (reply.kind == static_cast<unsigned char>(verb::answer)) return;
    if (reply.kind == static_cast<unsigned char>(verb::failure)) throw of_script(get_error(from));
    if (reply.kind != static_cast<unsigned char>(verb::message))
      throw bad_frame("a request where a refusal is to be answered");
    (void)hear(verb::message, from);
    from.end();
  }
}

}  // namespace luamig::broker
