#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace luamig::script {

/// The names a migration file may set. The first seven are its header, the others functions.
enum class header_name : unsigned char {
  revision,
  down_revision,
  depends_on,
  branch_labels,
  transactional,
  irreversible,
  environments,
  upgrade,
  downgrade,
  verify,
};

[[nodiscard]] std::string_view text_of(header_name name) noexcept;
[[nodiscard]] std::optional<header_name> find_name(std::string_view text) noexcept;
/// The name from `first` to `last` that a wrong one was probably meant to be; none for a name that
/// only begins as one of ours does.
[[nodiscard]] std::optional<std::string> meant_name(std::string_view given, header_name first,
                                                    header_name last);

/// Throws error{errc::script} for an id that is reserved, too long, or not made of [A-Za-z0-9_.].
/// Labels, and depends_on, which may hold them, have rules of their own in the graph.
void check_id(std::string_view id, std::string_view path, int line);

}  // namespace luamig::script
