// How long OpenMP's threads (LibTorch's) wait awake for each other.
#pragma once

namespace basin {

/// GNU's OpenMP looks 300,000 times for work, some milliseconds, before a thread sleeps. Beside other busy programs who
/// waits keeps the core that the awaited one needs: with two of them on two cores a training step of a LeNet took 120
/// times as long as alone. After 2,000 looks it takes 14 times as long there, and alone as long as ever. The number is
/// read while a program is loaded, so this one is loaded once more with GOMP_SPINCOUNT set; it is left alone where that
/// or OMP_WAIT_POLICY is set, and where it cannot be done. Call early in main(): nothing done before it remains.
void wait_briefly(char** argv);

}  // namespace basin
