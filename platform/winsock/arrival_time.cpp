// SPDX-License-Identifier: MIT
#include "arrival_time.hpp"

#include "constants.hpp"

namespace portsock::platform {

bool report_arrival(native_handle s, bool on) noexcept {
  timestamp_configuration wanted{on ? timestamp_received : 0, 0};
  DWORD written = 0;
  return ::WSAIoctl(descriptor(s), configure_timestamps, &wanted, sizeof wanted, nullptr, 0,
                    &written, nullptr, nullptr) == 0;
}

std::chrono::sys_time<std::chrono::nanoseconds> time_of_ticks(std::uint64_t ticks) noexcept {
  using namespace std::chrono;
  LARGE_INTEGER frequency;
  LARGE_INTEGER counter;
  ::QueryPerformanceFrequency(&frequency);
  ::QueryPerformanceCounter(&counter);
  const auto now = system_clock::now();
  const auto ago = counter.QuadPart - static_cast<std::int64_t>(ticks);
  // In two steps, so that no product exceeds 64 bits.
  const auto whole = ago / frequency.QuadPart;
  const auto rest = ago % frequency.QuadPart;
  return time_point_cast<nanoseconds>(now) - seconds{whole} -
         nanoseconds{rest * 1'000'000'000 / frequency.QuadPart};
}

}  // namespace portsock::platform
