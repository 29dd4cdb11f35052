#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "db/connection.hpp"
#include "db/url.hpp"

namespace luamig::engine {

/// Where a second database is, and how it is opened: for reading, whatever `how` says.
struct second_place {
  std::string name;  ///< as luamig.toml has it: "legacy"
  db::url where;
  db::open_options how;
};

/// Says it of a name; throws where there is none.
using second_places = std::function<second_place(std::string_view)>;

}  // namespace luamig::engine
