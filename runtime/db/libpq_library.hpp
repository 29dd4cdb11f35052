#pragma once

#include <libpq-fe.h>

#include <memory>

namespace luamig::db {

// Every function of libpq that luamig calls, without its "PQ".
#define LUAMIG_LIBPQ_FUNCTIONS(X) \
  X(connectdbParams)              \
  X(finish)                       \
  X(status)                       \
  X(errorMessage)                 \
  X(db)                           \
  X(backendPID)                   \
  X(transactionStatus)            \
  X(setNoticeReceiver)            \
  X(conninfoParse)                \
  X(conninfoFree)                 \
  X(freemem)                      \
  X(getCancel)                    \
  X(freeCancel)                   \
  X(cancel)                       \
  X(socket)                       \
  X(consumeInput)                 \
  X(isBusy)                       \
  X(enterPipelineMode)            \
  X(exitPipelineMode)             \
  X(sendQuery)                    \
  X(putCopyData)                  \
  X(putCopyEnd)                   \
  X(pipelineSync)                 \
  X(sendFlushRequest)             \
  X(flush)                        \
  X(resultMemorySize)             \
  X(sendPrepare)                  \
  X(sendQueryPrepared)            \
  X(sendQueryParams)              \
  X(getResult)                    \
  X(resultStatus)                 \
  X(resultErrorField)             \
  X(resultErrorMessage)           \
  X(clear)                        \
  X(ntuples)                      \
  X(nfields)                      \
  X(fname)                        \
  X(ftable)                       \
  X(ftype)                        \
  X(getvalue)                     \
  X(getlength)                    \
  X(getisnull)                    \
  X(cmdTuples)                    \
  X(cmdStatus)

/// libpq, loaded when it is asked for: linked, it would cost every start 15 ms.
struct libpq_library {
#define LUAMIG_MEMBER(name) decltype(&::PQ##name) name = nullptr;
  LUAMIG_LIBPQ_FUNCTIONS(LUAMIG_MEMBER)
#undef LUAMIG_MEMBER

  /// Throws error{errc::connection} naming the Debian package when it is missing.
  [[nodiscard]] static libpq_library load();
};

/// A result, cleared by the library that made it.
struct result_clearer {
  decltype(&::PQclear) clear = nullptr;
  void operator()(PGresult* r) const noexcept { clear(r); }
};
using result_owner = std::unique_ptr<PGresult, result_clearer>;

}  // namespace luamig::db
