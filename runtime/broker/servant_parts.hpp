#pragma once

#include <memory>

#include "broker/remote_door.hpp"
#include "broker/servant.hpp"

namespace luamig::broker {

struct servant::writer {
  std::unique_ptr<engine::row_intake> rows;
};

/// One of the two.
struct servant::open_file {
  engine::script_files::reader read;
  std::unique_ptr<engine::written_file> write;
};

}  // namespace luamig::broker
