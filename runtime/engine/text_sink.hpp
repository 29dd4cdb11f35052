#pragma once

#include <iosfwd>

#include "engine/sink.hpp"

namespace luamig::engine {

/// `--sql`: statements are written as text, values as safe literals, and none of them runs.
class text_sink final : public sink {
 public:
  /// `database` answers reads; none: a read is an error. It is never written to.
  text_sink(db::engine kind, db::connection* database, std::ostream& out)
      : kind_(kind), database_(database), out_(out) {}

  [[nodiscard]] db::engine kind() const noexcept override { return kind_; }
  [[nodiscard]] bool offline() const noexcept override { return true; }
  std::int64_t execute(const statement& s) override;
  [[nodiscard]] db::connection& reader() override;

  /// The host's own lines.
  void comment(std::string_view text);
  void line(std::string_view sql);

 private:
  db::engine kind_;
  db::connection* database_;
  std::ostream& out_;
  bool wrote_ = false;
};

}  // namespace luamig::engine
