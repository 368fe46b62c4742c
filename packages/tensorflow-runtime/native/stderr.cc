// Holds back what this process writes to its stderr. While it is loaded, TensorFlow writes two lines there that no
// setting suppresses: they come from static initialisers, through a log that is not set up yet. JavaScript cannot
// redirect a file descriptor, hence these two functions:
//
//   hold(): boolean      from now on stderr goes to a temporary file; false if that could not be done
//   release(): string    stderr is as before; what was held back
//
// Not for several threads at once: the caller is the main thread.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "node_api.h"

namespace {

FILE* held = nullptr;
int original = -1;

napi_value Hold(napi_env env, napi_callback_info) {
  bool done = false;
  if (held == nullptr && (held = std::tmpfile()) != nullptr) {
    std::fflush(stderr);
    original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    done = original >= 0 && dup2(fileno(held), STDERR_FILENO) >= 0;
    if (!done) {
      if (original >= 0) close(original);
      std::fclose(held);
      held = nullptr;
    }
  }
  napi_value result = nullptr;
  napi_get_boolean(env, done, &result);
  return result;
}

napi_value Release(napi_env env, napi_callback_info) {
  std::string text;
  if (held != nullptr) {
    std::fflush(stderr);
    dup2(original, STDERR_FILENO);
    close(original);
    std::rewind(held);
    char part[4096];
    size_t count = 0;
    while ((count = std::fread(part, 1, sizeof part, held)) > 0) text.append(part, count);
    std::fclose(held);
    held = nullptr;
  }
  napi_value result = nullptr;
  napi_create_string_utf8(env, text.data(), text.size(), &result);
  return result;
}

}  // namespace

extern "C" NAPI_MODULE_EXPORT napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value hold = nullptr;
  napi_value release = nullptr;
  napi_create_function(env, "hold", NAPI_AUTO_LENGTH, Hold, nullptr, &hold);
  napi_create_function(env, "release", NAPI_AUTO_LENGTH, Release, nullptr, &release);
  napi_set_named_property(env, exports, "hold", hold);
  napi_set_named_property(env, exports, "release", release);
  return exports;
}
