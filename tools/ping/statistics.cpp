// SPDX-License-Identifier: MIT
#include <tools/ping/statistics.hpp>

#include <algorithm>
#include <cmath>

namespace portsock::tools {

void moments::add(double value) noexcept {
  smallest_ = count_ == 0 ? value : (std::min)(smallest_, value);
  largest_ = count_ == 0 ? value : (std::max)(largest_, value);
  ++count_;
  const double before = value - mean_;
  mean_ += before / static_cast<double>(count_);
  squares_ += before * (value - mean_);
}

double moments::deviation() const noexcept {
  return count_ == 0 ? 0 : std::sqrt(squares_ / static_cast<double>(count_));
}

double statistics::loss() const noexcept {
  if (sent == 0) return 0;
  return 100 * static_cast<double>(sent - received) / static_cast<double>(sent);
}

}  // namespace portsock::tools
