#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace luamig::db {

/// What a statement of the host's means for the transaction around it.
enum class postgres_role { plain, begin, end, savepoint, release, rollback_to };

[[nodiscard]] postgres_role role_of(std::string_view sql);
/// COMMIT and END, of the role `end`.
[[nodiscard]] bool is_commit(std::string_view sql);
/// The savepoint's name in SAVEPOINT, RELEASE and ROLLBACK TO.
[[nodiscard]] std::string savepoint_of(std::string_view sql);

}  // namespace luamig::db
