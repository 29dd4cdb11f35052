// The part of the version store that sees, on PostgreSQL, what a revision has put on the books.
#include <array>

#include "base/text.hpp"
#include "db/transaction.hpp"
#include "engine/book_shape.hpp"
#include "engine/plain_path.hpp"
#include "engine/version_store.hpp"

namespace luamig::engine {

void version_store::remember() {
  if (!postgresql() || shape_) return;
  take_plain_path(on_);
  const auto shape = db::scalar(on_, "SELECT " + book_shape(sql_, finds_schema_).sql());
  put_path_back(on_);
  const auto* text = shape ? std::get_if<std::string>(&*shape) : nullptr;
  shape_ = text == nullptr ? std::string() : *text;
}

void version_store::guard_books() {
  if (!postgresql() || !shape_) return;
  take_plain_path(on_);
  on_.enqueue(book_shape(sql_, finds_schema_).check(), std::array{value(*shape_)});
  put_path_back(on_);  // triggers that look on find their tables by it
}

/// The step is rolled back: what there is now is what there was before.
luamig::error version_store::put_on_books(const luamig::error& e, std::string_view by) {
  shape_difference found;
  {
    const db::transaction look(on_, db::transaction::for_a_look{});
    take_plain_path(on_);
    const auto lines = db::scalar(on_, "SELECT " + book_shape(sql_, finds_schema_).lines());
    const auto* text = lines ? std::get_if<std::string>(&*lines) : nullptr;
    found = difference(e, text == nullptr ? std::string_view() : *text);
  }
  if (found.added.empty() && found.removed.empty()) return books_moved();
  const bool of_path = found.added.find("search_path=") != std::string::npos ||
                       found.removed.find("search_path=") != std::string::npos;
  if (of_path) {
    return {errc::migration,
            "the " + std::string(by) +
                " changes the search_path by which luamig finds its own tables" +
                (found.added.empty() ? " (no longer " + found.removed : " (" + found.added) + ")",
            "name their schema in luamig.toml, and the search_path is the " + std::string(by) +
                "'s to change: version_table_schema = \"" + where_.schema + "\""};
  }
  return {errc::migration,
          "the " + std::string(by) +
              " itself changed luamig's own tables, by SQL that it built in the database" +
              (found.added.empty() ? "" : ": now there is " + found.added) +
              (found.removed.empty() ? "" : ": gone is " + found.removed),
          "take that out of the " + std::string(by) + ": luamig alone changes " +
              sql_.version_table() + " and " + sql_.history_table()};
}

}  // namespace luamig::engine
