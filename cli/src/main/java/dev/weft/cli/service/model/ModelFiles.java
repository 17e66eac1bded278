package dev.weft.cli.service.model;

import dev.weft.metanets.task.RunDirectory;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What may be a model in a folder: directories with a {@code config.json}, and files of tensors outside of them.
 *
 * @param name of the model: its path in the folder with dots for slashes, a file's without its extension
 * @param path of the directory or file
 * @param state sizes and times of its files, by which a change is noticed
 */
record ModelFiles(String name, Path path, String state) {

    /** The card that training writes beside a model. */
    static final String CARD = "card.md";

    private static final int DEPTH = 5;
    private static final List<String> EXTENSIONS = List.of(".safetensors", ".pt", ".pth");

    /** Looks through a folder and its subfolders, hidden ones left out. */
    static List<ModelFiles> find(Path folder) throws IOException {
        List<ModelFiles> found = new ArrayList<>();
        Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEPTH, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                if (isHidden(path) && !path.equals(folder)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                if (!Files.exists(path.resolve(RunDirectory.CONFIG))) {
                    return FileVisitResult.CONTINUE;
                }
                List<String> files = List.of(RunDirectory.CONFIG, RunDirectory.MODEL, RunDirectory.STATE, CARD);
                String state =
                        files.stream().map(file -> state(path.resolve(file))).collect(Collectors.joining(" "));
                found.add(new ModelFiles(name(folder, path, ""), path, state));
                return FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                String lower = path.toString().toLowerCase(Locale.ROOT);
                EXTENSIONS.stream()
                        .filter(extension -> lower.endsWith(extension) && !isHidden(path) && attributes.isRegularFile())
                        .findFirst()
                        .ifPresent(extension ->
                                found.add(new ModelFiles(name(folder, path, extension), path, state(path))));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException failure) {
                return FileVisitResult.CONTINUE; // gone since it was listed, or a loop of links
            }
        });
        found.sort((a, b) -> a.name.compareTo(b.name));
        return found;
    }

    private static boolean isHidden(Path path) {
        return String.valueOf(path.getFileName()).startsWith(".");
    }

    /** The folder itself may be a run; it is called as it is. */
    private static String name(Path folder, Path path, String extension) {
        Path relative = path.equals(folder)
                ? Path.of(String.valueOf(path.toAbsolutePath().normalize().getFileName()))
                : folder.relativize(path);
        String joined = StreamSupport.stream(relative.spliterator(), false)
                .map(Path::toString)
                .collect(Collectors.joining("."));
        return joined.substring(0, joined.length() - extension.length());
    }

    private static String state(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.size() + "@" + attributes.lastModifiedTime().toMillis();
        } catch (IOException e) {
            return "-";
        }
    }
}
