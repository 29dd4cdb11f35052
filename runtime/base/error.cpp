#include "base/error.hpp"

#include <utility>

namespace luamig {

std::string_view name(errc code) noexcept {
  switch (code) {
    case errc::migration:
      return "migration";
    case errc::limit:
      return "limit";
    case errc::usage:
      return "usage";
    case errc::config:
      return "config";
    case errc::script:
      return "script";
    case errc::graph:
      return "graph";
    case errc::connection:
      return "connection";
    case errc::in_doubt:
      return "in_doubt";
    case errc::lock:
      return "lock";
    case errc::difference:
      return "difference";
    case errc::refused:
      return "refused";
    case errc::integrity:
      return "integrity";
    case errc::partial:
      return "partial";
    case errc::output:
      return "output";
    case errc::interrupted:
      return "interrupted";
    case errc::sql:
      return "sql";
  }
  return "unknown";
}

int exit_status(errc code) noexcept {
  switch (code) {
    case errc::migration:
    case errc::limit:
    case errc::sql:
    case errc::output:
      return 1;
    case errc::usage:
      return 2;
    case errc::config:
    case errc::script:
    case errc::graph:
      return 3;
    case errc::connection:
    case errc::in_doubt:
      return 4;
    case errc::lock:
      return 5;
    case errc::difference:
      return 6;
    case errc::refused:
      return 7;
    case errc::integrity:
      return 8;
    case errc::partial:
      return 9;
    case errc::interrupted:
      return 130;
  }
  return 1;
}

error error_at(errc code, std::string_view file, int line, std::string message, std::string hint) {
  error problem(code, std::move(message), std::move(hint));
  problem.file = file;
  problem.line = line;
  return problem;
}

}  // namespace luamig
