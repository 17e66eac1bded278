package dev.weft.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;

/** The order of modules and packages, and the habits that can be checked on byte code. */
@AnalyzeClasses(packages = "dev.weft", importOptions = ModuleOrderTest.WithoutTests.class)
class ModuleOrderTest {

    /** From the ground up: a package imports only those above it in this list, and its own. */
    private static final List<String> ORDER = List.of(
            "dev.weft.network",
            "dev.weft.network.run",
            "dev.weft.network.train",
            "dev.weft.graph",
            "dev.weft.symmetry",
            "dev.weft.checkpoints",
            "dev.weft.metanets.nn",
            "dev.weft.metanets.model",
            "dev.weft.metanets.task",
            "dev.weft.metanets.nowcast",
            "dev.weft.hypernets",
            "dev.weft.datasets",
            "dev.weft.cli");

    /** Leaves out test classes and the test-jar of graph-builder. */
    static final class WithoutTests implements ImportOption {
        private final ImportOption folders = ImportOption.Predefined.DO_NOT_INCLUDE_TESTS;

        @Override
        public boolean includes(Location location) {
            return folders.includes(location) && !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static void aPackageImportsOnlyThoseAboveIt(JavaClasses classes) {
        ArchRuleDefinition.classes().should(importNothingBelow()).check(classes);
    }

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.weft.(**)").should().beFreeOfCycles();

    @ArchTest
    static void internalPackagesStayInTheirModule(JavaClasses classes) {
        ArchRuleDefinition.classes().should(useOnlyTheirOwnInternals()).check(classes);
    }

    @ArchTest
    static final ArchRule onlyTheCommandWritesToTheStandardStreams = noClasses()
            .that()
            .resideOutsideOfPackage("dev.weft.cli..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace");

    @ArchTest
    static final ArchRule onlyTheCommandExits = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.weft.cli.Weft")
            .should()
            .callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule randomnessComesFromSeeds = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Random.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ThreadLocalRandom.class)
            .orShould()
            .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule librariesDoNotReadTheWallClock = noClasses()
            .that()
            .resideOutsideOfPackage("dev.weft.cli..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now");

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        classes.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .forEach(each -> assertTrue(
                        isNullMarked(each), "package-info.java with @NullMarked is missing in " + each.getName()));
    }

    private static boolean isNullMarked(JavaPackage each) {
        return each.tryGetPackageInfo()
                .map(info -> info.isAnnotatedWith(NullMarked.class))
                .orElse(false);
    }

    private static ArchCondition<JavaClass> importNothingBelow() {
        return new ArchCondition<>("import nothing below their own package") {
            @Override
            public void check(JavaClass from, ConditionEvents events) {
                for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                    JavaClass to = dependency.getTargetClass().getBaseComponentType();
                    if (isOurs(to) && rank(to) > rank(from)) {
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static ArchCondition<JavaClass> useOnlyTheirOwnInternals() {
        return new ArchCondition<>("use only the internal packages of their own parent") {
            @Override
            public void check(JavaClass from, ConditionEvents events) {
                for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                    JavaClass to = dependency.getTargetClass().getBaseComponentType();
                    int internal = (to.getPackageName() + ".").indexOf(".internal.");
                    if (isOurs(to) && internal >= 0) {
                        String owner = to.getPackageName().substring(0, internal);
                        boolean isOwn = (from.getPackageName() + ".").startsWith(owner + ".");
                        events.add(new SimpleConditionEvent(dependency, isOwn, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith("dev.weft.");
    }

    /** Returns the place in the order of the entry with the longest name that the class's package is or is below. */
    private static int rank(JavaClass type) {
        return ORDER.stream()
                .filter(entry -> (type.getPackageName() + ".").startsWith(entry + "."))
                .max(Comparator.comparingInt(String::length))
                .map(ORDER::indexOf)
                .orElseThrow(() -> new AssertionError(type.getName() + " is in no package that the design names"));
    }
}
