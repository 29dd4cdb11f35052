#include "bindings/context.hpp"

namespace luamig::bindings {

engine::session& context::database() const {
  if (session != nullptr) return *session;
  throw error{errc::migration, "there is no database here",
              "op and db work inside upgrade(), downgrade() and verify()"};
}

}  // namespace luamig::bindings
